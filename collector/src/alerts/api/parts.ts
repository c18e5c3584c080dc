import type { FailureLog } from '../../query/api-failure.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { AlertSettingsStore } from '../settings/alert-settings-store.ts';

export type AlertRouteParts = {
  readonly store: Pick<Reader, 'client'>;
  readonly settings: AlertSettingsStore;
  /** Something was set: the evaluator looks sooner than it would. */
  readonly wake: () => void;
  /** Hears of what readers are not told. */
  readonly log: FailureLog;
};
