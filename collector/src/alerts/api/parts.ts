import type { FailureLog } from '../../query/api-failure.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { AllowList } from '../channels/allow-list.ts';
import type { Channels } from '../channels/channel.ts';
import type { Resolve } from '../channels/target.ts';
import type { AlertSettingsStore } from '../settings/alert-settings-store.ts';

export type AlertRouteParts = {
  readonly store: Pick<Reader, 'client'>;
  readonly settings: AlertSettingsStore;
  readonly channels: Pick<Channels, 'testSend'>;
  /** As `readOrCreateSecretKey` gives it. */
  readonly secretKey: Uint8Array;
  readonly allow: AllowList;
  /** Of the dashboard, as people reach it; empty = not known. */
  readonly publicUrl: string;
  /** Left out = as the system resolves names. */
  readonly resolve?: Resolve;
  /** Something was set: the evaluator looks sooner than it would. */
  readonly wake: () => void;
  /** Hears of what readers are not told. */
  readonly log: FailureLog;
};
