/** The whole server on a free port over a data directory of its own, and a client that may send anything. */
import { rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { readConfig, type Config } from './config.ts';
import type { Json } from './ingest/encode.testing.ts';
import { createLog } from './log.ts';
import { startServer } from './main.ts';
import { createTestDataDir } from './store/new-data-dir.testing.ts';

export type TestServer = {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Lines of the log, all levels. */
  readonly logged: readonly string[];
  readonly ask: (path: string, options?: AskOptions) => Promise<Answer>;
  /** Body of a GET that must be answered 200, of all that was acknowledged before. */
  readonly read: (path: string) => Promise<Json>;
  /** Stops the server; the data directory stays until `remove`. */
  readonly close: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

export type AskOptions = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
};

/**
 * Judges no rules unless it is told to: every project has a pack of them, and where each case of a table has a project
 * of its own, they would be most of the work.
 */
export async function startTestServer(
  env: Record<string, string> = {},
  limits: Partial<Config['limits']> = {},
): Promise<TestServer> {
  const dataDir = await createTestDataDir('orchescope-app-');
  const config = readConfig({
    ORCHESCOPE_PORT: '0',
    ORCHESCOPE_DATA_DIR: dataDir,
    ORCHESCOPE_ALERTS: 'off',
    ...env,
  });
  const logged: string[] = [];
  const log = createLog('debug', (line) => logged.push(line));
  const server = await startServer({ ...config, limits: { ...config.limits, ...limits } }, log);
  const ask: TestServer['ask'] = async (path, options) => {
    const answer = await send(server.port, path, options);
    // Acknowledged is on disk, and visible a moment later.
    if (options?.method === 'POST' && answer.status === 200) await server.settled();
    return answer;
  };
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    dataDir,
    logged,
    ask,
    read: async (path) => {
      await server.settled();
      const answer = await ask(path);
      if (answer.status !== 200) throw new Error(`${path} was answered ${answer.text}`);
      return JSON.parse(answer.text) as Json;
    },
    close: server.close,
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** Unlike fetch it may name another host, and sends what it is told. */
function send(port: number, path: string, options: AskOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, bytes, text: bytes.toString() });
      });
    });
    sent.end(body);
  });
}

export type LiveReader = {
  /** Reads on until `wanted` has come; everything that came so far. */
  readonly until: (wanted: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** As a browser's EventSource does: one request whose answer does not end. */
export async function followLive(server: TestServer, query = ''): Promise<LiveReader> {
  const response = await fetch(`${server.url}/api/live${query}`);
  if (response.body === null) throw new Error('the live feed has no body');
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  return {
    until: async (wanted) => {
      while (!text.includes(wanted)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the live feed ended before ${wanted}: ${text}`);
        text += decoder.decode(value, { stream: true });
      }
      return text;
    },
    close: () => reader.cancel(),
  };
}
