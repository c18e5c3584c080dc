import type { AllowList } from '../../alerts/channels/allow-list.ts';
import type { ExportPlace } from '../../config.ts';
import { createFolderTarget } from './folder-target.ts';
import { createS3Target, toRegion } from './s3-target.ts';
import type { ExportTarget } from './target.ts';

/** @param allow what may be reached beyond the public internet */
export function createTarget(place: ExportPlace, allow: AllowList): ExportTarget {
  if (place.type === 'folder') return createFolderTarget(place.folder);
  const { url, accessKeyId, secretAccessKey } = place;
  const region = place.region === '' ? toRegion(url) : place.region;
  return createS3Target({ url, accessKeyId, secretAccessKey, region, allow });
}
