import type { AllowList } from '../../alerts/channels/allow-list.ts';
import { send, type PostAnswer } from '../../alerts/channels/outbound.ts';
import { encode, signS3, type S3Keys, type S3Request } from './sign-s3.ts';
import { ExportFailed, type ExportTarget } from './target.ts';

export type S3Options = S3Keys & {
  /** Bucket in the host or in the path, and what names begin with: https://bucket.s3.eu-central-1.amazonaws.com/costs. */
  readonly url: string;
  readonly allow: AllowList;
};

/** Of everything: the name, the connection, the file, the answer. */
const timeoutMs = 120_000;

export function createS3Target({ url, allow, ...keys }: S3Options): ExportTarget {
  const base = url.replace(/\/+$/, '');
  const toUrl = (name: string): URL => new URL(`${base}/${name.split('/').map(encode).join('/')}`);

  async function ask(
    request: Omit<S3Request, 'headers'>,
    signal: AbortSignal,
  ): Promise<PostAnswer> {
    const nowMs = Date.now();
    const headers = signS3({ ...request, headers: {} }, keys, nowMs);
    const options = { headers, body: request.body, signal, allow, timeoutMs, nowMs };
    return send(request.method === 'PUT' ? 'PUT' : 'HEAD', request.url.href, options);
  }

  return {
    place: base,
    has: async (name, signal) => {
      const { status } = await ask({ method: 'HEAD', url: toUrl(name), body: '' }, signal);
      if (status === 200) return true;
      // Without the right to list, S3 says of what is not there that it is forbidden: then it is written again.
      if (status === 404 || status === 403) return false;
      throw new ExportFailed(`${base} answered ${status} when it was asked for ${name}.`);
    },
    put: async (name, body, signal) => {
      const { status, bodyStart } = await ask({ method: 'PUT', url: toUrl(name), body }, signal);
      if (status >= 200 && status < 300) return;
      const code = /<Code>(\w{1,64})<\/Code>/.exec(bodyStart)?.[1];
      const why = code === undefined ? '' : ` (${code})`;
      throw new ExportFailed(`${base} answered ${status}${why} when ${name} was sent.`);
    },
  };
}

/** Of an address of AWS; elsewhere the usual one of those who do not care. */
export function toRegion(url: string): string {
  return (
    /\bs3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/.exec(url)?.[1] ??
    'us-east-1'
  );
}
