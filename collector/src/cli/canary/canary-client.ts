/** Speaks to the server as a sender and as a reader. Every failure is a sentence. */
import type { z } from 'zod';

export class CanaryProblem extends Error {
  override readonly name = 'CanaryProblem';
}

export type CanaryClient = {
  /** @throws CanaryProblem unless all of it was taken */
  readonly send: (body: Buffer, project: string) => Promise<void>;
  /** Null when it is not there. @throws CanaryProblem */
  readonly read: <T>(path: string, query: Query, shape: z.ZodType<T>) => Promise<T | null>;
};

type Query = Readonly<Record<string, string>>;

export function createCanaryClient(url: string, key: string, signal: AbortSignal): CanaryClient {
  const authorization: Record<string, string> =
    key === '' ? {} : { authorization: `Bearer ${key}` };

  async function ask(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...authorization, ...(init.headers as Record<string, string>) };
    try {
      return await fetch(new URL(path, url), { ...init, headers, signal, redirect: 'error' });
    } catch (cause) {
      if (signal.aborted) throw new CanaryProblem('the server did not answer in time', { cause });
      throw new CanaryProblem(`nothing answers at ${url}: ${describe(cause)}`, { cause });
    }
  }

  return {
    send: async (body, project) => {
      const headers = { 'content-type': 'application/x-protobuf', 'orchescope-project': project };
      const response = await ask('/v1/traces', {
        method: 'POST',
        body: Uint8Array.from(body),
        headers,
      });
      if (response.status !== 200) throw await toProblem(response, 'sending');
      // Full success has nothing to say.
      const said = Buffer.from(await response.arrayBuffer());
      if (said.length > 0) {
        throw new CanaryProblem(`the server took only a part: ${printable(said.toString())}`);
      }
    },
    read: async (path, query, shape) => {
      const search = new URLSearchParams(query).toString();
      const response = await ask(`${path}${search === '' ? '' : `?${search}`}`, {});
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      if (response.status !== 200) throw await toProblem(response, `reading ${path}`);
      const parsed = shape.safeParse(await response.json());
      if (parsed.success) return parsed.data;
      throw new CanaryProblem(`${path} was answered in a shape this version does not know`);
    },
  };
}

async function toProblem(response: Response, what: string): Promise<CanaryProblem> {
  const said = printable(await response.text()).slice(0, 300);
  const hint =
    response.status === 401 ? ' Give the access key with --key or ORCHESCOPE_ACCESS_KEY.' : '';
  return new CanaryProblem(`${what} was answered ${response.status}: ${said}${hint}`);
}

/** Answers end up on a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').trim();
}

function describe(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (!(inner instanceof Error)) return String(inner);
  return 'code' in inner && inner.message === '' ? String(inner.code) : inner.message;
}
