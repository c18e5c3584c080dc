/** Files of alerts as the server takes them: at its start, and when it is told to look again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alertRules, channelList, muteTimings } from '../contract.ts';
import {
  newFolder,
  orchescope,
  removeFolders,
  serve,
  stop,
  type ServingCommand,
} from './alerts.testing.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const head = 'apiVersion: orchescope/alerts/v1';
const ruleOf = (alert: unknown): string => `
  - id: slow
    title: Slow
    metric: agent_latency
    condition: { type: threshold, alert: ${String(alert)} }`;
const good = (alert: number): string => `${head}
rules:${ruleOf(alert)}
    muteTimings: [nights]
channels:
  - { name: hook, type: webhook, isDefault: true, url: 'https://hooks.example.com/x', secret: '\${env:HOOK_KEY}' }
muteTimings:
  - { name: nights, intervals: [{ from: '22:00', to: '06:00' }] }
`;
const hookKey = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const folder = newFolder();
const file = (name: string): string => join(folder, name);
let server: ServingCommand;
beforeAll(async () => {
  writeFileSync(file('shop.yaml'), good(5_000));
  writeFileSync(file('other.yml'), `${head}\nproject: other\nrules:${ruleOf(1)}`);
  writeFileSync(file('shop.test.yaml'), 'tests: of no concern to the server');
  writeFileSync(file('notes.txt'), 'neither');
  server = await serve({
    ORCHESCOPE_DATA_DIR: newFolder(),
    ORCHESCOPE_ALERT_FILES: folder,
    HOOK_KEY: hookKey,
  });
});
afterAll(async () => {
  await stop(server);
  removeFolders();
});

async function ask(method: string, path: string, body?: object): Promise<[number, unknown]> {
  const headers = { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  const answer = await fetch(`${server.url}/api/alerts/${path}`, { method, ...sent });
  return [answer.status, await answer.json().catch(() => null)];
}

async function readRule(project = 'default') {
  const [, body] = await ask('GET', `rules?project=${project}`);
  return alertRules.parse(body).rules.find(({ rule }) => rule.id === 'slow');
}

const alertOf = async (project?: string) => (await readRule(project))?.rule.condition;

/** Resolves when the server has said what came of it. */
async function hangUp(said: string): Promise<void> {
  const before = server.printed().length;
  server.child.kill('SIGHUP');
  await expect.poll(() => server.printed().slice(before)).toContain(said);
}

test('what files provide stands in its project, and says where it came from', async () => {
  expect(await readRule()).toMatchObject({
    origin: 'file',
    file: 'shop.yaml',
    rule: { condition: { alert: 5_000 } },
  });
  expect(await readRule('other')).toMatchObject({ file: 'other.yml' });
  expect(await readRule('third')).toBeUndefined();
  const [, body] = await ask('GET', 'channels');
  expect(channelList.parse(body).channels).toMatchObject([
    {
      origin: 'file',
      hasSecret: true,
      secretHost: 'hooks.example.com:443',
      channel: { name: 'hook', secret: null },
    },
  ]);
  expect(JSON.stringify(body)).not.toContain(hookKey);
  const [, timings] = await ask('GET', 'mute-timings');
  expect(muteTimings.parse(timings).muteTimings).toMatchObject([{ name: 'nights' }]);
  const [, others] = await ask('GET', 'mute-timings?project=other');
  expect(others).toEqual({ muteTimings: [] });
});

test('it is read-only over HTTP, in its own project and there alone', async () => {
  const known = await readRule();
  const provided = {
    error: {
      message: expect.stringContaining('is provided by the file shop.yaml. Change it there.'),
    },
  };
  const rule = { ...known?.rule, muteTimings: [], title: 'Mine' };
  expect(await ask('PUT', 'rules', { rule })).toMatchObject([409, provided]);
  expect(await ask('DELETE', 'rules/slow')).toMatchObject([409, provided]);
  expect(await ask('DELETE', 'channels/hook')).toMatchObject([409, provided]);
  expect(await ask('DELETE', 'mute-timings/nights')).toMatchObject([409, provided]);
  expect((await ask('PUT', 'rules', { project: 'third', rule }))[0]).toBe(200);
  const nights = { name: 'nights', intervals: [{}] };
  const put = (project: string) => ask('PUT', 'mute-timings', { project, muteTiming: nights });
  expect([(await put('default'))[0], (await put('third'))[0]]).toEqual([409, 200]);
});

test('it is evaluated like any other rule', async () => {
  const evaluated = async () => (await readRule())?.lastEvaluatedAtMs;
  await expect.poll(evaluated, { timeout: 20_000 }).toBeGreaterThan(0);
});

test('told to look again it takes all that is new, or nothing of it', async () => {
  writeFileSync(file('shop.yaml'), good(6_000));
  await hangUp('read the files of alerts again');
  expect(await alertOf()).toMatchObject({ alert: 6_000 });

  writeFileSync(file('shop.yaml'), good(7_000));
  writeFileSync(file('other.yml'), `${head}\nproject: other\nrules:${ruleOf('much')}`);
  await hangUp('what was read before stays');
  expect(server.printed()).toContain('other.yml:7:42: rules.0.condition.alert: write a number.');
  expect([await alertOf(), await alertOf('other')]).toMatchObject([{ alert: 6_000 }, { alert: 1 }]);

  writeFileSync(file('other.yml'), head);
  await hangUp('read the files of alerts again');
  expect(await alertOf()).toMatchObject({ alert: 7_000 });
  expect(await readRule('other')).toBeUndefined();
});

test.each([
  [
    'a broken file',
    `${head}\nrules: 7`,
    /: nothing of it is taken:\n {2}\S+a\.yaml:2:8: rules: write a list\.\n$/,
  ],
  [
    'a secret that is not set',
    good(1),
    /channels\.0\.secret: HOOK_KEY is not set in the environment\.\n$/,
  ],
])('with %s the server does not start, and says why', async (_, text, said) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.yaml'), text);
  const env = {
    ORCHESCOPE_PORT: '0',
    ORCHESCOPE_DATA_DIR: newFolder(),
    ORCHESCOPE_ALERT_FILES: folder,
  };
  const ran = await orchescope([], env);
  expect([ran.code, ran.stdout]).toEqual([1, '']);
  expect(ran.stderr).toMatch(/^orchescope: ORCHESCOPE_ALERT_FILES=/);
  expect(ran.stderr).toMatch(said);
});

test('a folder that is not there is told', async () => {
  const env = {
    ORCHESCOPE_PORT: '0',
    ORCHESCOPE_DATA_DIR: newFolder(),
    ORCHESCOPE_ALERT_FILES: '/nowhere/alerts',
  };
  const ran = await orchescope([], env);
  expect([ran.code, ran.stderr]).toEqual([
    1,
    "orchescope: /nowhere/alerts: it cannot be read: ENOENT: no such file or directory, stat '/nowhere/alerts'.\n",
  ]);
});
