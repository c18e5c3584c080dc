/**
 * Secrets of channels as they are stored: encrypted, and good for one host alone. Whoever can write settings, and not
 * this key, can neither read them nor have them sent elsewhere.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  closeSync,
  fsyncSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export type SecretBinding = {
  readonly project: string;
  readonly channel: string;
  /** Host and port. */
  readonly host: string;
};

export type OpenedSecret =
  | { readonly type: 'open'; readonly secret: string }
  | { readonly type: 'closed'; readonly message: string };

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
/** AES-256-GCM; the parts are the host in base64url, and nonce, tag and text in base64url. */
const version = 'v1';

export function sealSecret(key: Uint8Array, secret: string, binding: SecretBinding): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(toAad(binding));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  const sealed = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
  return [version, Buffer.from(binding.host).toString('base64url'), sealed].join('.');
}

export function openSecret(key: Uint8Array, sealed: string, binding: SecretBinding): OpenedSecret {
  const [found, host = '', data = ''] = sealed.split('.');
  const bytes = Buffer.from(data, 'base64url');
  if (found !== version || bytes.length < nonceBytes + tagBytes) {
    return closed('The stored secret is not one of ours. Set it again.');
  }
  const given = Buffer.from(host, 'base64url').toString('utf8');
  if (given !== binding.host) {
    return closed(
      `The secret was set for ${given}, and is not sent to ${binding.host}. Set it again.`,
    );
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(toAad(binding)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const text = decipher.update(bytes.subarray(nonceBytes + tagBytes));
    return { type: 'open', secret: Buffer.concat([text, decipher.final()]).toString('utf8') };
  } catch {
    return closed(
      'The secret cannot be opened: it was set with another secret key, or for another channel. Bring the key back, or set the secret again.',
    );
  }
}

/** Its message is the whole story. */
export class SecretKeyError extends Error {
  override readonly name = 'SecretKeyError';
}

/**
 * The key of this installation: of the environment where it is set there, otherwise of `secret.key` in the data
 * directory, which is made at first, readable by its owner alone.
 * @param fromEnv 32 bytes in hexadecimal or base64; empty = none
 * @throws SecretKeyError
 */
export function readOrCreateSecretKey(dataDir: string, fromEnv: string): Uint8Array {
  if (fromEnv !== '') {
    return (
      parseKey(fromEnv) ??
      fail('ORCHESCOPE_SECRET_KEY must be 32 bytes; try: openssl rand -hex 32.')
    );
  }
  const path = join(dataDir, 'secret.key');
  return readKey(path) ?? createKey(dataDir, path);
}

function readKey(path: string): Uint8Array | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return null;
    throw new SecretKeyError(`${path} cannot be read: ${toReason(cause)}.`, { cause });
  }
  // Making another would lock every stored secret for good.
  return parseKey(text) ?? fail(`${path} does not hold a key of 32 bytes. Bring back its copy.`);
}

/** Whole or not at all, and the first of two processes wins. */
function createKey(dataDir: string, path: string): Uint8Array {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(keyBytes).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (cause) {
    if (!isCode(cause, 'EEXIST'))
      throw new SecretKeyError(`${path} cannot be made: ${toReason(cause)}.`, { cause });
  } finally {
    rmSync(draft);
  }
  return readKey(path) ?? fail(`${path} could not be made.`);
}

function toReason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function parseKey(text: string): Uint8Array | null {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed);
  return isBase64 ? Buffer.from(trimmed, 'base64') : null;
}

function toAad({ project, channel, host }: SecretBinding): Buffer {
  return Buffer.from(JSON.stringify([version, project, channel, host]));
}

function closed(message: string): OpenedSecret {
  return { type: 'closed', message };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function fail(message: string): never {
  throw new SecretKeyError(message);
}
