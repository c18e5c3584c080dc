/** Rules, the people who are told, and what messages may reach. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { AllowListError, parseAllowList, type AllowList } from '../alerts/channels/allow-list.ts';
import { toEnvironment, type Environment } from '../alerts/files/secret-reference.ts';
import { ConfigError, list, whole } from './setting-kinds.ts';

export type AlertConfig = {
  /** Rules are evaluated, and people told. */
  readonly isOn: boolean;
  /** Absolute: a folder of YAML files, or one of them; empty = none. */
  readonly files: string;
  /** Where the secrets are that files name. */
  readonly env: Environment;
  /** Where people open the dashboard, for links in messages; empty = no links. Without a slash at its end. */
  readonly publicUrl: string;
  /** What messages may reach beyond the public internet. */
  readonly allow: AllowList;
  /** Seals the secrets of channels; empty = one of its own is made in the data directory. */
  readonly secretKey: string;
  /** Asked after each round of evaluations that went well, so seldom at most; an empty address = none. */
  readonly heartbeatUrl: string;
  readonly heartbeatSeconds: number;
};

export const alertSettings = {
  ORCHESCOPE_ALERTS: z
    .enum(['on', 'off'], 'ORCHESCOPE_ALERTS must be on or off.')
    .default('on')
    .describe('whether this server evaluates alert rules and tells people: on, off'),
  ORCHESCOPE_ALERT_FILES: z
    .string()
    .default('')
    .describe(
      'YAML files with rules, channels and mute timings: a folder, or one file; read again on SIGHUP',
    ),
  ORCHESCOPE_ALERT_ALLOW: list.describe(
    'networks and hosts beyond the public internet that messages may be sent to, comma-separated, e.g. 10.0.0.0/8,hooks.internal:8080',
  ),
  ORCHESCOPE_PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error:
        'ORCHESCOPE_PUBLIC_URL must be where people open the dashboard, e.g. https://traces.example.com.',
    })
    .optional()
    .describe('where people open the dashboard, for the links in messages'),
  ORCHESCOPE_SECRET_KEY: z
    .string()
    .regex(
      /^([0-9A-Fa-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/,
      'ORCHESCOPE_SECRET_KEY must be 32 bytes in hexadecimal or base64; try: openssl rand -hex 32.',
    )
    .optional()
    .describe(
      'key that seals the secrets of channels in the store; unset = a file in the data directory',
    ),
  ORCHESCOPE_HEARTBEAT_URL: z
    .url({
      protocol: /^https?$/,
      error:
        'ORCHESCOPE_HEARTBEAT_URL must look like https://watchdog.example.com/ping/orchescope.',
    })
    .optional()
    .describe(
      'posted to while rules are evaluated, so that somebody else notices when they are not',
    ),
  ORCHESCOPE_HEARTBEAT_SECONDS: whole('ORCHESCOPE_HEARTBEAT_SECONDS', 'seconds', {
    min: 10,
    max: 86_400,
  })
    .default(60)
    .describe('how often the heartbeat is posted'),
};

/** @param env the whole environment: files of rules name variables of their own for secrets */
export function toAlerts(
  values: z.output<z.ZodObject<typeof alertSettings>>,
  env: Readonly<Record<string, string | undefined>>,
): AlertConfig {
  const files = values.ORCHESCOPE_ALERT_FILES;
  return {
    isOn: values.ORCHESCOPE_ALERTS === 'on',
    files: files === '' ? '' : resolve(files),
    env: toEnvironment(env),
    publicUrl: (values.ORCHESCOPE_PUBLIC_URL ?? '').replace(/\/+$/, ''),
    allow: toAllowList(values.ORCHESCOPE_ALERT_ALLOW),
    secretKey: values.ORCHESCOPE_SECRET_KEY ?? '',
    heartbeatUrl: values.ORCHESCOPE_HEARTBEAT_URL ?? '',
    heartbeatSeconds: values.ORCHESCOPE_HEARTBEAT_SECONDS,
  };
}

function toAllowList(items: readonly string[]): AllowList {
  try {
    return parseAllowList(items);
  } catch (error) {
    if (!(error instanceof AllowListError)) throw error;
    throw new ConfigError(`ORCHESCOPE_ALERT_ALLOW: ${error.message}`);
  }
}
