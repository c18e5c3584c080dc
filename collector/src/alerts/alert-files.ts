/** What the operator keeps in files, read at the start and whenever he says so. */
import { nothingProvisioned, type ProvisionedAlerts } from './settings/provisioned.ts';

export type AlertFiles = {
  /** Whether there are files at all. */
  readonly isSet: boolean;
  readonly read: (projectId: string) => ProvisionedAlerts;
  /** @throws with what is wrong, and keeps what was read before */
  readonly reload: () => void;
};

/**
 * @param path of a folder or a file; empty = there are none
 * @param load by project
 * @throws with what is wrong in the files
 */
export function openAlertFiles(
  path: string,
  load: (path: string) => ReadonlyMap<string, ProvisionedAlerts>,
): AlertFiles {
  const isSet = path !== '';
  let provisioned = isSet ? load(path) : new Map<string, ProvisionedAlerts>();
  return {
    isSet,
    read: (projectId) => provisioned.get(projectId) ?? nothingProvisioned,
    reload: () => {
      if (isSet) provisioned = load(path);
    },
  };
}
