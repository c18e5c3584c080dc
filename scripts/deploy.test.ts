import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeSettings } from '../collector/src/config.ts';

// No Docker engine runs here: what can be checked without one is that the files name things that exist.
const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

type Service = {
  readonly environment: Record<string, string>;
  readonly volumes?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly mem_limit: string;
  readonly ports?: readonly string[];
};
type Compose = { readonly services: Record<string, Service>; readonly volumes: object };

const compose = parse(read('docker-compose.yml')) as Compose;
const services = Object.entries(compose.services);

test('every file and folder that docker-compose.yml mounts or builds exists', () => {
  const mounted = services
    .flatMap(([, service]) => service.volumes ?? [])
    .map((volume) => volume.split(':')[0] ?? '');
  const files = mounted.filter((source) => source.startsWith('.'));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  const named = mounted.filter((source) => !source.startsWith('.'));
  expect(named).toEqual(Object.keys(compose.volumes));
  expect(compose.services.orchescope?.build).toEqual({
    context: '.',
    dockerfile: 'deploy/Dockerfile',
  });
});

test('every Orchescope setting in the deployment files is one the server reads', () => {
  const known = new Set(describeSettings().map(({ name }) => name));
  const text = read('docker-compose.yml') + read('deploy/Dockerfile');
  const names = new Set(text.match(/ORCHESCOPE_[A-Z_]+/g));
  expect(names.size).toBeGreaterThan(3);
  expect([...names].filter((name) => !known.has(name))).toEqual([]);
});

test('memory is bounded, secrets have no default, and only loopback of the host is opened', () => {
  for (const [name, service] of services) expect(service.mem_limit, name).toMatch(/^\d+[mg]$/);
  const secrets = read('docker-compose.yml').match(/\$\{[A-Z_]*(KEY|PASSWORD)[^}]*\}/g) ?? [];
  expect(secrets.filter((secret) => secret.includes(':-'))).toEqual([]);
  const ports = services.flatMap(([, service]) => service.ports ?? []);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('the Dockerfile copies the package.json of every workspace before it installs', () => {
  const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
  const dockerfile = read('deploy/Dockerfile');
  for (const workspace of workspaces) {
    expect(dockerfile).toContain(`COPY ${workspace}/package.json ${workspace}/`);
  }
});

test.each([
  'query_thread_log',
  'trace_log',
  'text_log',
  'metric_log',
  'asynchronous_metric_log',
  'part_log',
])('the system log %s is off', (log) => {
  expect(read('deploy/clickhouse/config.d/orchescope.xml')).toContain(`<${log} remove="1"/>`);
});

test('the one system log that stays is deleted after days', () => {
  expect(read('deploy/clickhouse/config.d/orchescope.xml')).toMatch(
    /<query_log[\s\S]*TTL event_date/,
  );
});

test('every ClickHouse configuration file is well-formed XML', () => {
  for (const folder of ['config.d', 'users.d']) {
    for (const file of readdirSync(join(root, 'deploy/clickhouse', folder))) {
      expect(unbalancedTag(read(`deploy/clickhouse/${folder}/${file}`)), file).toBeNull();
    }
  }
});

/** The first tag that is closed wrongly or left open; null when all match. */
function unbalancedTag(xml: string): string | null {
  const open: string[] = [];
  const withoutComments = xml.replace(/<!--[\s\S]*?-->/g, '');
  for (const [, closing, name = '', selfClosing] of withoutComments.matchAll(
    /<(\/?)([A-Za-z_][\w.-]*)[^<>]*?(\/?)>/g,
  )) {
    if (selfClosing) continue;
    if (!closing) open.push(name);
    else if (open.pop() !== name) return name;
  }
  return open.at(-1) ?? null;
}
