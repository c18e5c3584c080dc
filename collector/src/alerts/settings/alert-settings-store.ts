/** The settings of alerts, held for a moment: evaluation asks for them every few seconds, of every project. */
import type { Reader } from '../../store/read-rows.ts';
import { readVersion, writeSetting } from '../../store/settings-log.ts';
import type { AlertSettings } from '../alert-settings.ts';
import type { ProvisionedAlerts } from './provisioned.ts';
import { readAlertSettings, type AlertArea, type UnreadableLog } from './read-alert-settings.ts';

export type AlertChange = {
  readonly projectId: string;
  readonly area: AlertArea;
  readonly key: string;
  /** undefined = taken back. */
  readonly value: unknown;
  readonly changedBy: string;
};

export type AlertSettingsStore = {
  readonly read: (projectId: string) => Promise<AlertSettings>;
  /** Resolves when it is on disk; whoever reads after that sees it. */
  readonly write: (change: AlertChange) => Promise<void>;
  /** What was read before counts no longer. */
  readonly invalidate: (projectId: string) => void;
  /** As `invalidate` of every project: files were loaded again. */
  readonly invalidateAll: () => void;
  readonly files: (projectId: string) => ProvisionedAlerts;
};

export type AlertSettingsParts = {
  readonly store: Pick<Reader, 'client'>;
  readonly files: (projectId: string) => ProvisionedAlerts;
  readonly onUnreadable?: UnreadableLog;
  /** Nobody else writes to the store: what was read stands until it is changed here. */
  readonly exclusive?: boolean;
};

/** Other servers change them too: what they set is seen so much later at most. */
const sharedMs = 3_000;
/** Evaluation asks every few seconds, of every project: a hundred of them would be twenty queries a second. */
const exclusiveMs = 300_000;
const mostProjects = 1_000;

type Held = { readonly settings: Promise<AlertSettings>; readonly untilMs: number };

export function createAlertSettings(parts: AlertSettingsParts): AlertSettingsStore {
  const held = new Map<string, Held>();
  const writes = new Map<string, Promise<void>>();

  const read = (projectId: string): Promise<AlertSettings> => {
    const known = held.get(projectId);
    if (known !== undefined && performance.now() < known.untilMs) return known.settings;
    const files = parts.files(projectId);
    const settings = readAlertSettings(parts.store, projectId, files, parts.onUnreadable);
    const heldMs = parts.exclusive === true ? exclusiveMs : sharedMs;
    const entry = { settings, untilMs: performance.now() + heldMs };
    held.delete(projectId);
    held.set(projectId, entry);
    dropOldest(held);
    // A failure is told to those who wait for it, and to nobody after them.
    settings.catch(() => {
      if (held.get(projectId) === entry) held.delete(projectId);
    });
    return settings;
  };

  // One after the other: of two at once, each would take the same version.
  const write = (change: AlertChange): Promise<void> => {
    const before = writes.get(change.projectId) ?? Promise.resolve();
    const written = before.then(() => writeNow(change));
    const settled = written.catch(() => undefined);
    writes.set(change.projectId, settled);
    return written.finally(() => {
      if (writes.get(change.projectId) === settled) writes.delete(change.projectId);
    });
  };

  const writeNow = async (change: AlertChange): Promise<void> => {
    const last = await readVersion(parts.store, change);
    await writeSetting(parts.store.client, change, Math.max(Date.now(), last + 1));
    held.delete(change.projectId);
  };

  return {
    read,
    write,
    invalidate: (projectId) => held.delete(projectId),
    invalidateAll: () => held.clear(),
    files: parts.files,
  };
}

function dropOldest(held: Map<string, Held>): void {
  if (held.size <= mostProjects) return;
  const [oldest] = held.keys();
  if (oldest !== undefined) held.delete(oldest);
}
