/** What the operator keeps in files, read at the start and whenever he says so. */
import { nothingProvisioned, type ProvisionedAlerts } from './settings/provisioned.ts';

export type AlertFiles = {
  /** Whether there is a folder at all. */
  readonly isSet: boolean;
  readonly read: () => ProvisionedAlerts;
  /** @throws with what is wrong, and keeps what was read before */
  readonly reload: () => void;
};

/** @throws with what is wrong in the files */
export function openAlertFiles(
  folder: string,
  load: (folder: string) => ProvisionedAlerts = () => nothingProvisioned,
): AlertFiles {
  const isSet = folder !== '';
  let provisioned = isSet ? load(folder) : nothingProvisioned;
  return {
    isSet,
    read: () => provisioned,
    reload: () => {
      if (isSet) provisioned = load(folder);
    },
  };
}
