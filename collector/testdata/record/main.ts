// `node collector/testdata/record/main.ts [name]`: runs real senders and writes what they send to ../otlp/<name>.json.
// The recordings are committed and tests read only them; record again when a sender gets a new version.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { normalise, type RecordedRequest } from './normalise.ts';

const root = join(import.meta.dirname, '../../..');

/** Recording -> the program that sends it, from the root of the repository. */
const senders = {
  'gen-ai/plain-otel': 'examples/frameworks/plain-otel/main.ts',
  'ai-sdk/agent-with-tools': 'examples/frameworks/ai-sdk/main.ts',
  'ai-sdk/embed-and-object': 'collector/testdata/record/ai-sdk.ts',
  'ai-sdk-legacy/agent-with-tools': 'collector/testdata/record/ai-sdk-legacy.ts',
  'openinference/langgraph': 'examples/frameworks/langgraph/main.ts',
  'orchescope/support-run': 'collector/testdata/record/orchescope.ts',
  'openllmetry/weather': 'collector/testdata/record/senders/openllmetry/main.mjs',
  'langfuse/weather': 'collector/testdata/record/senders/langfuse/main.mjs',
  'langsmith/weather': 'collector/testdata/record/senders/langsmith/main.mjs',
  'mastra/agent-and-workflow': 'collector/testdata/record/senders/mastra/main.mjs',
  'strands/weather': 'collector/testdata/record/senders/strands/main.mjs',
  'strands/weather-latest': 'collector/testdata/record/senders/strands/latest.mjs',
  'google-adk/transfer': 'collector/testdata/record/senders/google-adk/main.mjs',
};

const only = process.argv[2];
for (const [name, program] of Object.entries(senders)) {
  if (only !== undefined && only !== name) continue;
  if (program.includes('/senders/')) install(dirname(join(root, program)));
  const requests = await record(join(root, program));
  const file = join(root, 'collector/testdata/otlp', `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(normalise(requests, root), null, 2)}\n`);
  process.stdout.write(`${name}: ${requests.length} requests\n`);
}

/** Senders that the repository does not need otherwise bring a package.json of their own. */
function install(folder: string): void {
  if (existsSync(join(folder, 'node_modules'))) return;
  const options = ['install', '--no-package-lock', '--legacy-peer-deps', '--ignore-scripts'];
  const { status } = spawnSync('npm', options, { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm install in ${folder} ended with ${String(status)}`);
}

async function record(program: string): Promise<RecordedRequest[]> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (request.url === '/v1/traces') requests.push(JSON.parse(body.toString()) as RecordedRequest);
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await run(program, `http://127.0.0.1:${port}`);
  server.close();
  return requests;
}

async function run(program: string, endpoint: string): Promise<void> {
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
      ORCHESCOPE_CAPTURE: 'full',
    },
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
}
