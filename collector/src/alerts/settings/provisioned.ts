/** Door: what files provide of one project: read-only to whoever asks over HTTP. */
import type { AlertChannel, AlertRule, MuteTiming } from '../../contract.ts';

export type ProvisionedRule = { readonly rule: AlertRule; readonly file: string };

export type ProvisionedChannel = {
  /** `secret` is null: it is sealed beside it. */
  readonly channel: AlertChannel;
  readonly sealedSecret: string;
  readonly secretHost: string;
  readonly file: string;
};

export type ProvisionedMuteTiming = { readonly muteTiming: MuteTiming; readonly file: string };

export type ProvisionedAlerts = {
  readonly rules: readonly ProvisionedRule[];
  readonly channels: readonly ProvisionedChannel[];
  readonly muteTimings: readonly ProvisionedMuteTiming[];
};

export const nothingProvisioned: ProvisionedAlerts = { rules: [], channels: [], muteTimings: [] };
