/**
 * Senders that do not give up: a request that was turned away or broken off is sent again with the same ids, as exporters
 * do. Every request is one trace, and it is remembered which of them were acknowledged.
 */
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode, type Json } from '../ingest/encode.testing.ts';
import type { Encoding } from '../ingest/replies.ts';

export const spansPerTrace = 30;

export type Traffic = {
  /** By trace id. */
  readonly sent: ReadonlyMap<string, Sent>;
  readonly acknowledged: () => number;
  readonly answers: Readonly<Record<number, number>>;
  /** Resolves when nothing is under way any more; what was never acknowledged stays so. */
  readonly stop: () => Promise<void>;
};

export type Sent = { attempts: number; isAcknowledged: boolean; readonly startsNano: Range };
type Range = { readonly first: bigint; readonly last: bigint };

export type TrafficOptions = {
  /** Asked before every request: a server that is started again has another port. */
  readonly url: () => string;
  readonly connections?: number;
  /** Bytes of a message on every tenth span. */
  readonly messageBytes?: number;
  /** Between two requests of a connection. */
  readonly restMs?: number;
};

/** A request that nobody answers is given up, and sent again. */
const answerLimitMs = 30_000;
const pauseMs = 20;

export function startTraffic(options: TrafficOptions): Traffic {
  const { url, connections = 4, messageBytes = 500, restMs = 0 } = options;
  const sent = new Map<string, Sent>();
  const answers: Record<number, number> = {};
  const stopping = new AbortController();
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const message = 'All is well. '.repeat(Math.ceil(messageBytes / 13)).slice(0, messageBytes);
  // Ids of one run are those of no other.
  const prefix = Date.now().toString(16).padStart(16, '1');
  let acknowledged = 0;

  async function send(): Promise<void> {
    const traceId = prefix + sent.size.toString(16).padStart(16, '0');
    const { request, startsNano } = createTrace(traceId, message);
    const one: Sent = { attempts: 0, isAcknowledged: false, startsNano };
    const encoding: Encoding = sent.size % 2 === 0 ? 'application/x-protobuf' : 'application/json';
    sent.set(traceId, one);
    const body = encode(request, encoding);
    while (!one.isAcknowledged && (one.attempts === 0 || !stopping.signal.aborted)) {
      one.attempts += 1;
      const status = await post(url(), body, encoding, agent);
      answers[status] = (answers[status] ?? 0) + 1;
      one.isAcknowledged = status === 200;
      if (!one.isAcknowledged) await sleep(pauseMs);
    }
    acknowledged += one.isAcknowledged ? 1 : 0;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await send();
      if (restMs > 0) await sleep(restMs);
    }
  }

  const running = Array.from({ length: connections }, run);
  return {
    sent,
    acknowledged: () => acknowledged,
    answers,
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
      agent.destroy();
    },
  };
}

/** The status, or 0 when there was no whole answer. */
function post(
  url: string,
  body: string | Uint8Array,
  encoding: Encoding,
  agent: Agent,
): Promise<number> {
  const headers = { 'content-type': encoding, 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const request = httpRequest(`${url}/v1/traces`, { method: 'POST', agent, headers });
    request.setTimeout(answerLimitMs, () => request.destroy());
    request.once('error', () => resolve(0));
    request.once('response', (response) => {
      response.resume();
      response.once('error', () => resolve(0));
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    request.end(body);
  });
}

function createTrace(traceId: string, message: string): { request: Json; startsNano: Range } {
  const first = BigInt(Date.now()) * 1_000_000n - 60_000_000_000n;
  const startOf = (number: number): bigint => first + BigInt(number) * 1_000_003n;
  const spans = Array.from({ length: spansPerTrace }, (_, number) => ({
    traceId,
    spanId: (number + 1).toString(16).padStart(16, '0'),
    parentSpanId: number === 0 ? '' : '0000000000000001',
    name: number === 0 ? 'torture' : `step ${number}`,
    kind: 1,
    startTimeUnixNano: String(startOf(number)),
    endTimeUnixNano: String(startOf(number) + 900_000n),
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      ...(number % 10 === 0 ? [{ key: 'gen_ai.input.messages', value: toMessages(message) }] : []),
    ],
  }));
  const resource = {
    attributes: [{ key: 'service.name', value: { stringValue: 'torture' } }],
  };
  return {
    request: { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'torture' }, spans }] }] },
    startsNano: { first, last: startOf(spansPerTrace - 1) },
  };
}

const toMessages = (content: string): Json => ({
  stringValue: JSON.stringify([{ role: 'user', parts: [{ type: 'text', content }] }]),
});
