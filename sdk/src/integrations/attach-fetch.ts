import { env } from '../settings.ts';
import { appPackageVersion } from './app-package.ts';
import { wrapGlobalFetch } from './genai-fetch.ts';

/** Wraps the global `fetch`, which every model client uses that is given no other. `ORCHESCOPE_FETCH=off` leaves it alone. */
export const attachFetch = (): boolean =>
  env('ORCHESCOPE_FETCH')?.toLowerCase() !== 'off' && wrapGlobalFetch();

/** A client that is traced because `fetch` is. */
export const attachedByFetch = (packageName: string) => (): boolean =>
  env('ORCHESCOPE_FETCH')?.toLowerCase() !== 'off' && appPackageVersion(packageName) !== undefined;
