/** Files of costs that are written every day. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './setting-kinds.ts';

export type ExportConfig = {
  readonly target: ExportPlace;
  readonly format: 'csv' | 'json' | 'parquet' | 'focus';
  /** After midnight in UTC, when the day before is written. */
  readonly afterMidnightMs: number;
};

export type ExportPlace =
  /** Absolute. */
  | { readonly type: 'folder'; readonly folder: string }
  | {
      readonly type: 's3';
      readonly url: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      /** Empty = told by the address. */
      readonly region: string;
    };

export const exportSettings = {
  ORCHESCOPE_EXPORT_DIR: z
    .string()
    .default('')
    .describe('folder that costs of the day before are written to, a file a project and day'),
  ORCHESCOPE_EXPORT_S3_URL: z
    .url({
      protocol: /^https?$/,
      error:
        'ORCHESCOPE_EXPORT_S3_URL must look like https://bucket.s3.eu-central-1.amazonaws.com/costs or https://minio.internal/bucket/costs.',
    })
    .optional()
    .describe('bucket instead of a folder, in the host or in the path, and what names begin with'),
  ORCHESCOPE_EXPORT_S3_KEY_ID: z.string().default('').describe('access key id of the bucket'),
  ORCHESCOPE_EXPORT_S3_SECRET: z.string().default('').describe('secret access key of the bucket'),
  ORCHESCOPE_EXPORT_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{0,40}$/, 'ORCHESCOPE_EXPORT_S3_REGION must look like eu-central-1.')
    .default('')
    .describe('region of the bucket; told by addresses of AWS, us-east-1 elsewhere'),
  ORCHESCOPE_EXPORT_FORMAT: z
    .enum(
      ['csv', 'json', 'parquet', 'focus'],
      'ORCHESCOPE_EXPORT_FORMAT must be csv, json, parquet or focus.',
    )
    .default('csv')
    .describe('format of these files: csv, json, parquet, focus'),
  ORCHESCOPE_EXPORT_AT: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'ORCHESCOPE_EXPORT_AT must be a time such as 02:00.')
    .default('02:00')
    .describe('time of the day, in UTC, at which the day before is written'),
};

type Values = z.output<z.ZodObject<typeof exportSettings>>;

/** Null = none are written. */
export function toExports(values: Values): ExportConfig | null {
  const target = toExportPlace(values);
  if (target === null) return null;
  const [hours = 0, minutes = 0] = values.ORCHESCOPE_EXPORT_AT.split(':').map(Number);
  const afterMidnightMs = (hours * 60 + minutes) * 60_000;
  return { target, format: values.ORCHESCOPE_EXPORT_FORMAT, afterMidnightMs };
}

function toExportPlace(values: Values): ExportPlace | null {
  const { ORCHESCOPE_EXPORT_DIR: folder, ORCHESCOPE_EXPORT_S3_URL: url } = values;
  if (url === undefined) return folder === '' ? null : { type: 'folder', folder: resolve(folder) };
  if (folder !== '') {
    throw new ConfigError('Set ORCHESCOPE_EXPORT_DIR or ORCHESCOPE_EXPORT_S3_URL, not both.');
  }
  const [accessKeyId, secretAccessKey] = [
    values.ORCHESCOPE_EXPORT_S3_KEY_ID,
    values.ORCHESCOPE_EXPORT_S3_SECRET,
  ];
  if (accessKeyId === '' || secretAccessKey === '') {
    throw new ConfigError(
      'ORCHESCOPE_EXPORT_S3_URL needs ORCHESCOPE_EXPORT_S3_KEY_ID and ORCHESCOPE_EXPORT_S3_SECRET.',
    );
  }
  const { search, hash, username } = new URL(url);
  if (search !== '' || hash !== '' || username !== '') {
    throw new ConfigError('ORCHESCOPE_EXPORT_S3_URL is a host and a path, and nothing else.');
  }
  const region = values.ORCHESCOPE_EXPORT_S3_REGION;
  return { type: 's3', url, accessKeyId, secretAccessKey, region };
}
