import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { childEnv } from './test/child-env.ts';
import { installSdk, type App } from './test/install.ts';

let app: App;
let bodies: { path: string; text: string }[] = [];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const text = (
    request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  ).toString();
  bodies.push({ path: request.url ?? '', text });
  response.setHeader('content-type', 'application/json').end('{}');
});

beforeAll(async () => {
  app = await installSdk();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
});
afterAll(async () => {
  server.close();
  await app.remove();
});

/**
 * Says secrets wherever a program can say something: content, errors, names, own attributes, events, other libraries. Content
 * is a word that no pattern knows; credentials have the forms of their issuers.
 */
const program = `
import { carrier, emit, init, observe, run, start, traced, within } from '@orchescope/sdk';
import { trace, metrics } from '@opentelemetry/api';
const telemetry = init();
const content = (where) => 'CONTENT-' + where;
const key = 'sk-SECRETabcdefghijklmnop0123';
const token = 'ghp_SECRETabcdefghijklmnopqrstuvwxyz0123';
const url = 'postgres://root:SECRETpassword@db/app';
const swallow = (fn) => { try { return fn(); } catch {} };
await within({ sessionId: 's-' + key, userId: token, tags: [key], attributes: { note: url, apiKey: 'SECRETplain' } }, () =>
  run({ kind: 'workflow', name: 'w', input: content('workflow'), attributes: { authorization: 'SECRETheader' } }, async (op) => {
    op.set({ output: { answer: content('output'), password: 'SECRETmember' } });
    run({ kind: 'agent', name: 'a', input: content('agent'), role: key }, () => {});
    run({ kind: 'llm', name: 'l', provider: 'p', model: 'm' }, (llm) => llm.set({
      input: [{ role: 'user', content: content('prompt') }], output: content('answer'), responseId: token }));
    const tool = observe((args) => ({ rows: content('result') }), {
      kind: 'tool', name: 'lookup', in: (args) => ({ args }), out: (result) => ({ result }) });
    for (let i = 0; i < 4; i++) tool({ q: content('args'), token: key });
    run({ kind: 'retrieval', name: 'r', query: content('query'), documents: [{ id: 'doc-' + key, text: content('document') }] }, () => {});
    run({ kind: 'step', name: 's', type: 'iteration', progress: content('progress'), input: content('step') }, () => {});
    swallow(() => run({ kind: 'tool', name: 'broken' }, () => { throw new Error('refused for ' + url + ' ' + key); }));
    emit({ type: 'retry', attempt: 1, reason: 'bad key ' + key });
    emit({ type: 'breaker', name: token, state: 'open' });
    emit({ type: 'queue', name: key, depth: 1 });
    emit({ type: 'worker', id: key, state: 'busy', pool: token });
    const stream = observe(async function* () { yield content('chunk'); }, { kind: 'llm', name: 'stream', chunks: (all) => ({ output: all.join('') }) });
    for await (const _ of stream());
    run({ kind: 'workflow', name: key }, () => {});
    run({ kind: 'handoff', name: 'h', from: key, to: token }, () => {});
    const theirs = trace.getTracer('theirs').startSpan('chat', { attributes: {
      'gen_ai.input.messages': content('theirs'), 'input.value': content('theirs'), 'ai.prompt': content('theirs'), 'http.header': 'Bearer SECRETabcdefghijk' } });
    theirs.addEvent('gen_ai.content.prompt', { 'gen_ai.prompt': content('event'), token: key });
    theirs.recordException(new Error('with ' + key));
    theirs.setStatus({ code: 2, message: 'with ' + key });
    theirs.end();
  }));
await telemetry.shutdown();
`;

const send = async (capture: string): Promise<string> => {
  bodies = [];
  await writeFile(join(app.folder, 'secrets.mjs'), program);
  const { port } = server.address() as AddressInfo;
  await promisify(execFile)(process.execPath, ['secrets.mjs'], {
    cwd: app.folder,
    env: {
      ...childEnv,
      ORCHESCOPE_ENDPOINT: `http://127.0.0.1:${port}`,
      ORCHESCOPE_CAPTURE: capture,
      ORCHESCOPE_LOG: 'off',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    },
  });
  return bodies.map(({ text }) => text).join('\n');
};

const found = (text: string, what: RegExp): readonly string[] => [
  ...new Set(Array.from(text.matchAll(what), ([all]) => all)),
];

test.each(['off', 'metadata'])(
  'nothing that was seeded leaves with capture %s',
  async (capture) => {
    const sent = await send(capture);
    expect(bodies.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/v1/traces', '/v1/metrics']),
    );
    expect(sent).toContain('invoke_workflow');
    expect(found(sent, /.{0,60}(?:SECRET|CONTENT-)\w*/g)).toEqual([]);
  },
);

test('with capture full content leaves, credentials do not', async () => {
  const sent = await send('full');
  expect(found(sent, /CONTENT-\w+/g).length).toBeGreaterThan(8);
  expect(found(sent, /.{0,60}SECRET\w*/g)).toEqual([]);
});
