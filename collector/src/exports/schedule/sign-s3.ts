/** Signature version 4 of AWS, as S3 and what speaks like it ask for it. */
import { createHash, createHmac } from 'node:crypto';

export type S3Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
};

export type S3Request = {
  readonly method: 'PUT' | 'HEAD' | 'GET';
  readonly url: URL;
  /** Lower-case names; `host` is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
};

const algorithm = 'AWS4-HMAC-SHA256';

/** @returns the headers to send, those of the request among them, without `host` */
export function signS3(
  { method, url, headers, body }: S3Request,
  { accessKeyId, secretAccessKey, region }: S3Keys,
  nowMs: number,
): Record<string, string> {
  const moment = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const day = moment.slice(0, 8);
  const bodyHash = hash(body);
  const sent = { ...headers, 'x-amz-content-sha256': bodyHash, 'x-amz-date': moment };
  const signed = Object.entries({ ...sent, host: url.host }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    method,
    encodePath(url.pathname),
    toCanonicalQuery(url.searchParams),
    ...signed.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    names,
    bodyHash,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = ['s3', 'aws4_request'].reduce<Buffer>(
    hmac,
    hmac(hmac(Buffer.from(`AWS4${secretAccessKey}`), day), region),
  );
  const signature = hmac(key, [algorithm, moment, scope, hash(canonical)].join('\n')).toString(
    'hex',
  );
  return {
    ...sent,
    authorization: `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function hash(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** URLs leave characters as they are that a signature has in percent. */
function encodePath(path: string): string {
  return path
    .split('/')
    .map((part) => encode(decodeURIComponent(part)))
    .join('/');
}

function toCanonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
