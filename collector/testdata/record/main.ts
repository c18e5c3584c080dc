// `node collector/testdata/record/main.ts [name]`: runs real senders and writes what they send to ../otlp/<name>.json,
// and their log records to ../otlp/<name>.logs.json. The recordings are committed and tests read only them; record
// again when a sender gets a new version.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startFakeApis } from './fake-apis.ts';
import { normalise } from './normalise.ts';
import { startRecorder, type Recorded } from './recorder.ts';
import { senders, type Sender } from './senders.ts';

const root = join(import.meta.dirname, '../../..');

const only = process.argv[2];
for (const [name, sender] of Object.entries(senders)) {
  if (only !== undefined && only !== name) continue;
  const command = prepare(join(root, sender.program));
  const recorded = await record(command, sender);
  write(name, sender, recorded);
}

/** Senders that the repository does not need otherwise bring a package.json or a requirements.txt of their own. */
function prepare(program: string): readonly string[] {
  const folder = dirname(program);
  if (program.endsWith('.py')) return [installPython(folder), program];
  if (existsSync(join(folder, 'package.json')) && !existsSync(join(folder, 'node_modules'))) {
    const options = ['install', '--no-package-lock', '--legacy-peer-deps', '--ignore-scripts'];
    runNow('npm', options, folder);
  }
  return [process.execPath, program];
}

/** Outside the repository: an environment of Python holds thousands of files. */
function installPython(folder: string): string {
  const home = join(tmpdir(), 'orchescope-senders', folder.replace(/.*\/senders\//, ''));
  const python = join(home, 'bin/python');
  if (!existsSync(python)) runNow('python3', ['-m', 'venv', home], folder);
  runNow(python, ['-m', 'pip', 'install', '-q', '-r', join(folder, 'requirements.txt')], folder);
  return python;
}

function runNow(command: string, options: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, options, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} in ${cwd} ended with ${String(status)}`);
}

async function record([command = '', ...options]: readonly string[], sender: Sender): Promise<Recorded> {
  const recorder = await startRecorder();
  const apis = await startFakeApis();
  const child = spawn(command, options, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PYTHONPATH: join(import.meta.dirname, 'senders/python'),
      OTEL_EXPORTER_OTLP_ENDPOINT: recorder.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: `${apis.url}/v1`,
      ANTHROPIC_API_KEY: 'none',
      ANTHROPIC_BASE_URL: apis.url,
      ORCHESCOPE_CAPTURE: 'full',
      ...sender.env,
    },
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  apis.close();
  const recorded = await recorder.stop();
  if (code !== 0) throw new Error(`${sender.program} ended with ${String(code)}`);
  return recorded;
}

function write(name: string, sender: Sender, { traces, logs, bodies }: Recorded): void {
  const file = join(root, 'collector/testdata/otlp', name);
  mkdirSync(dirname(file), { recursive: true });
  const places = [root, join(tmpdir(), 'orchescope-senders')];
  const whole = { resourceSpans: traces, ...(logs.length === 0 ? {} : { resourceLogs: logs }) };
  const { resourceLogs, ...spans } = normalise(whole, places);
  const asText = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  if (sender.keepsBody !== true) writeFileSync(`${file}.json`, asText(spans));
  if (resourceLogs !== undefined && sender.keepsBody !== true) writeFileSync(`${file}.logs.json`, asText({ resourceLogs }));
  const [first] = bodies;
  if (sender.keepsBody === true && first !== undefined) {
    const bytes = first.isGzip ? first.bytes : hidePlace(first.bytes);
    writeFileSync(`${file}.binpb${first.isGzip ? '.gz' : ''}`, bytes);
  }
  process.stdout.write(`${name}: ${traces.length} resources, ${logs.length} of logs\n`);
}

/** Another folder of the same length, so that every length in the message stays right. */
function hidePlace(bytes: Buffer): Buffer {
  const hidden = '/app'.padEnd(root.length, '/');
  return Buffer.from(bytes.toString('latin1').replaceAll(root, hidden), 'latin1');
}
