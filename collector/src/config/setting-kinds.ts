/** What settings are written in: numbers with their unit, lists; and how a wrong one is told. */
import { z } from 'zod';

/** Names the setting and says what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Range = { readonly min: number; readonly max: number };

export const whole = (name: string, unit: string, { min, max }: Range) =>
  z.coerce
    .number(`${name} must be a number of ${unit}.`)
    .int(`${name} must be a whole number of ${unit}.`)
    .min(min, `${name} must be at least ${min}.`)
    .max(max, `${name} must be at most ${max}.`);

export const mebibytes = (name: string, range: Range) =>
  whole(name, 'mebibytes', range).transform((value) => value * 1024 * 1024);

export const kibibytes = (name: string, range: Range) =>
  whole(name, 'kibibytes', range).transform((value) => value * 1024);

/** Separated by commas. */
export const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
