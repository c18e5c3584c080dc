import type { AttributeValue, Attributes } from '@opentelemetry/api';
import { safely } from './safely.ts';
import { cutText, serialize, type Serialized } from './serialize.ts';
import { env, settings, type Capture } from './settings.ts';

const redacted = '[redacted]';
const defaultMaxBytes = 16 * 1024;

/**
 * What may be written: `off` nothing that came from the user's data, `metadata` names, ids, counts and reasons,
 * `full` inputs and outputs as well. `ORCHESCOPE_CAPTURE` first, then OpenTelemetry's own switch.
 */
export const captureMode = (): Capture => (settings().capture ??= captureFromEnv());

const captureFromEnv = (): Capture => {
  const ours = env('ORCHESCOPE_CAPTURE')?.toLowerCase();
  if (ours === 'off' || ours === 'metadata' || ours === 'full') return ours;
  const standard = env('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT')?.toLowerCase();
  return ['true', 'span_only', 'span_and_event'].includes(standard ?? '') ? 'full' : 'metadata';
};

/** The size one attribute may have, in UTF-8 bytes. */
const maxAttributeBytes = (): number => settings().maxAttributeBytes ?? defaultMaxBytes;

/** JSON of a value, without secrets, within the limit. */
export const toContent = (value: unknown): Serialized =>
  serialize(value, maxAttributeBytes(), redactMember);

/** A text within the limit, without secrets. */
export const toText = (name: string, text: string): string =>
  cutText(String(redactMember(name, text)), maxAttributeBytes());

/** Attributes another library wrote: secrets are masked, sizes are its own choice. */
export const maskAttributes = (attributes: Attributes): Attributes => {
  const clean: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    const masked = mapText(value, (text) => String(redactWhole(name, text)));
    if (masked !== undefined) clean[name] = masked;
  }
  return clean;
};

/** The user's own attributes: their shape is kept, their texts lose secrets and length. */
export const redactAttributes = (attributes: Attributes | undefined): Attributes => {
  const clean: Attributes = {};
  if (typeof attributes !== 'object' || attributes === null) return clean;
  for (const name of safely('reading attributes', () => Object.keys(attributes), [])) {
    safely(`attribute ${name}`, () => {
      const value = redactAttribute(name, attributes[name]);
      if (value !== undefined) clean[name] = value;
    });
  }
  return clean;
};

const redactAttribute = (
  name: string,
  value: AttributeValue | undefined,
): AttributeValue | undefined => {
  const short = Array.isArray(value) ? (value.slice(0, 1000) as AttributeValue) : value;
  return mapText(short, (text) => toText(name, text));
};

const mapText = (
  value: AttributeValue | undefined,
  change: (text: string) => string,
): AttributeValue | undefined => {
  if (typeof value === 'string') return change(value);
  if (!Array.isArray(value)) return value;
  const items = value as (string | number | boolean | null | undefined)[];
  return items.map((item) => (typeof item === 'string' ? change(item) : item)) as AttributeValue;
};

/** One value under its key: first our own rules, then the user's. Throws when the user's does; the caller drops the value. */
const redactMember = (key: string, value: unknown): unknown =>
  redactWhole(key, typeof value === 'string' ? value.slice(0, 2 * maxAttributeBytes()) : value);

const redactWhole = (key: string, value: unknown): unknown => {
  const ours = redactBuiltIn(key, value);
  const { redact } = settings();
  return redact ? redact(key, ours) : ours;
};

const redactBuiltIn = (key: string, value: unknown): unknown => {
  if (value !== undefined && value !== null && isSecretKey(key)) return redacted;
  return typeof value === 'string' ? redactSecrets(value) : value;
};

/** A text with every secret of a known form replaced. */
export const redactSecrets = (text: string): string => {
  const clean = text.length < shortestSecret ? text : text.replace(secret, redacted);
  return clean.includes('://') ? clean.replace(urlPassword, `$1${redacted}@`) : clean;
};

/** Programs have few keys and use them often: asking the expression once for each is enough. */
const isSecretKey = (key: string): boolean => {
  const known = asked.get(key);
  if (known !== undefined) return known;
  const is = secretKey.test(key);
  if (asked.size < 1_000 && key.length <= 64) asked.set(key, is);
  return is;
};

const asked = new Map<string, boolean>();

const secretKey =
  /^(?:proxy-)?authorization$|^(?:set-)?cookie$|^(?:passw(?:or)?d|passphrase|secret|client[-_]?secret|credentials?|connection[-_]?string)$|^(?:x[-_])?(?:api|access|auth|private|secret)[-_]?(?:key|token)$|^(?:refresh|id|session|bearer)[-_]?token$/i;

const shortestSecret = 12;

/** Keys and tokens that their issuers made recognisable. Every alternative is linear in the text. */
const secret = new RegExp(
  [
    String.raw`\bsk-[\w-]{16,}`,
    String.raw`\b[sr]k_(?:live|test)_\w{16,}`,
    String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
    String.raw`\bgh[pousr]_\w{30,}`,
    String.raw`\bgithub_pat_\w{22,}`,
    String.raw`\bglpat-[\w-]{20,}`,
    String.raw`\bxox[abeprs]-[\w-]{10,}`,
    String.raw`\bAIza[\w-]{35}`,
    String.raw`\bya29\.[\w-]{20,}`,
    String.raw`\bhf_[A-Za-z0-9]{30,}`,
    String.raw`\bnpm_[A-Za-z0-9]{36}`,
    String.raw`\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+`,
    String.raw`\b[Bb]earer\s{1,4}[\w.~+/-]{12,}={0,2}`,
    String.raw`-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)`,
  ].join('|'),
  'g',
);

const urlPassword = /(:\/\/[^\s/:@]{0,128}:)[^\s/@]{1,256}@/g;
