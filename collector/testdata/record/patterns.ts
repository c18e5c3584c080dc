/**
 * Runs every program of examples/patterns and keeps what it sends, for the findings on it:
 * `npx node collector/testdata/record/patterns.ts`. Paths of this machine and stack traces are taken out.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';

type Attribute = { readonly key: string };
type Body = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: { events?: { attributes?: Attribute[] }[] }[] }[];
  }[];
};

const examples = join(import.meta.dirname, '../../../examples');
const target = join(import.meta.dirname, '../findings/patterns');
const names = readdirSync(join(examples, 'patterns')).flatMap(
  (file) => /^(.+)\.golden\.txt$/.exec(file)?.[1] ?? [],
);

let sent: Body['resourceSpans'] = [];
const server = createServer((request, response) => {
  void buffer(request).then((bytes) => {
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    if (request.url === '/v1/traces') sent.push(...(JSON.parse(String(body)) as Body).resourceSpans);
    response.setHeader('content-type', 'application/json').end('{}');
  });
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const { port } = server.address() as AddressInfo;

mkdirSync(target, { recursive: true });
for (const name of names) {
  sent = [];
  const child = spawn(process.execPath, ['--import', '@orchescope/sdk/register', `patterns/${name}.ts`], {
    cwd: examples,
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_SERVICE_NAME: name,
    },
  });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  writeFileSync(join(target, `${name}.json.gz`), gzipSync(JSON.stringify({ resourceSpans: sent.map(clean) })));
}
server.close();

function clean(resource: Body['resourceSpans'][number]): Body['resourceSpans'][number] {
  const attributes = resource.resource.attributes.filter(({ key }) => key === 'service.name');
  const scopeSpans = resource.scopeSpans.map((scope) => ({
    ...scope,
    spans: scope.spans.map((span) => ({ ...span, events: (span.events ?? []).map(withoutStack) })),
  }));
  return { ...resource, resource: { attributes }, scopeSpans };
}

function withoutStack(event: { attributes?: Attribute[] }): { attributes?: Attribute[] } {
  const attributes = (event.attributes ?? []).filter(({ key }) => key !== 'exception.stacktrace');
  return { ...event, attributes };
}
