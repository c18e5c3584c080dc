/** Rules as files, as an operator works with them: the real commands, and a real server where one is asked. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../app.testing.ts';
import { loadAlertFiles } from '../alerts/files/load-alert-files.ts';
import { alertRules } from '../contract.ts';
import { newFolder, orchescope, removeFolders } from './alerts.testing.ts';
import { runHere } from './run-here.testing.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const root = fileURLToPath(new URL('../../..', import.meta.url));
const key = 'correct-horse-battery-staple';
const head = 'apiVersion: orchescope/alerts/v1';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ ORCHESCOPE_ACCESS_KEY: key, ORCHESCOPE_ALERTS: 'off' });
});
afterAll(async () => {
  await server.close();
  await server.remove();
  removeFolders();
});

function write(name: string, text: string): string {
  const file = join(newFolder(), name);
  writeFileSync(file, text);
  return file;
}

const env = { ORCHESCOPE_ACCESS_KEY: key };
const alerts = (...args: string[]) => runHere(['alerts', ...args], env, root);

async function put(what: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const answer = await server.ask(`/api/alerts/${what}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify(body),
  });
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
}

const example = 'deploy/alerts/example.yaml';

test('as a process it writes to its streams and ends with its code', async () => {
  const outcomes = [
    ['check', '--without-secrets', 'deploy/alerts'],
    ['check', '/nowhere.yaml'],
    ['improve'],
  ].map((args) => Promise.all([orchescope(['alerts', ...args], env, root), args]));
  for (const [ran, args] of await Promise.all(outcomes)) {
    expect(ran).toEqual(await alerts(...args));
  }
});

test('check says that the files of this repository can be used, and needs their secrets or a word', async () => {
  expect(await alerts('check', '--without-secrets', 'deploy/alerts')).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^2 files can be used: \d+ rules, 2 channels, 1 mute timing\.\n$/,
    ),
    stderr: '',
  });
  expect(await alerts('check', example)).toEqual({
    code: 1,
    stdout: '',
    stderr: `${example}:31:13: channels.0.secret: PAGERDUTY_ROUTING_KEY is not set in the environment.
${example}:36:13: channels.1.secret: HOOK_SIGNING_SECRET is not set in the environment.
`,
  });
});

test('check tells everything that is wrong in all files, and where', async () => {
  const first = write('a.yaml', `${head}\nrules:\n  - id: slow\n    titel: Slow\n`);
  const second = write('b.yaml', `${head}\nchannels: [\n`);
  const ran = await alerts('check', first, second);
  expect([ran.code, ran.stdout]).toEqual([1, '']);
  expect(ran.stderr.split('\n')).toEqual([
    `${first}:3:5: rules.0.title: it is missing.`,
    `${first}:3:5: rules.0.metric: it is missing.`,
    `${first}:3:5: rules.0.condition: it is missing.`,
    `${first}:4:5: rules.0.titel: there is no such field. Check its spelling, or leave it out.`,
    expect.stringMatching(new RegExp(`^${second}:3:1: .+\\.$`)),
    '',
  ]);
});

test('check takes what may be made elsewhere, and says that it is not here', async () => {
  const rule = {
    id: 'slow',
    title: 'Slow',
    metric: 'agent_latency',
    channels: ['pagr'],
    inhibitedBy: ['fast'],
    condition: { type: 'absence' },
  };
  const file = write('a.yaml', `${head}\nrules: [${JSON.stringify(rule)}]\n`);
  expect(await alerts('check', file)).toEqual({
    code: 0,
    stdout: `note: ${file}:2:73: rules.0.channels: there is no channel "pagr" yet, so nobody is told there.
note: ${file}:2:96: rules.0.inhibitedBy: there is no rule "fast" yet.
1 file can be used: 1 rule, 0 channels, 0 mute timings.
`,
    stderr: '',
  });
});

test.each([
  [['check'], 2, 'name files or folders to check.'],
  [['check', '--fast'], 2, "Unknown option '--fast'"],
  [['test'], 2, 'name files of tests to run.'],
  [['backtest'], 2, 'name a rule with --rule: a file, or an id.'],
  [['export', '--url', 'nowhere'], 2, '--url must look like http://127.0.0.1:4318, not "nowhere".'],
  [['improve'], 2, 'there is no command "improve".'],
  [['check', '/nowhere.yaml'], 1, '/nowhere.yaml: it cannot be read: ENOENT'],
  [['export', '--url', 'http://127.0.0.1:1'], 1, 'No server answers at http://127.0.0.1:1.'],
])('%j ends with %i and says why', async (args, code, said) => {
  const ran = await alerts(...args);
  expect([ran.code, ran.stdout]).toEqual([code, '']);
  expect(ran.stderr).toContain(`orchescope alerts: ${said}`);
  expect(ran.stderr.includes('--without-secrets]')).toBe(code === 2);
});

test('a folder without files is told', async () => {
  const folder = join(newFolder(), 'empty');
  mkdirSync(folder);
  expect(await alerts('check', folder)).toMatchObject({
    code: 1,
    stderr: `orchescope alerts: There are no files of alerts in ${folder}.\n`,
  });
});

test('the tests of the examples pass', async () => {
  const ran = await alerts('test', 'deploy/alerts/example.test.yaml');
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  expect(ran.stdout).toContain('  passed  refunds that fail for two minutes wake somebody, once\n');
  expect(ran.stdout).toMatch(/deploy\/alerts\/example\.test\.yaml: 5 of 5 tests passed\.\n$/);
});

test('a test that fails says what came instead, at the line of what was expected', async () => {
  const folder = newFolder();
  writeFileSync(
    join(folder, 'rules.yaml'),
    `${head}
rules:
  - { id: slow, title: Slow, metric: agent_latency, by: agent, condition: { type: threshold, alert: 10 }, channels: [pager] }
  - { id: burn, title: Burns, metric: error_rate, condition: { type: burn_rate, objective: 0.9, pairs: [{ long: 1h, short: 5m, factor: 5 }] } }
  - { id: gone, title: Gone, metric: runs_started, condition: { type: absence } }
`,
  );
  const file = join(folder, 'rules.test.yaml');
  writeFileSync(
    file,
    `apiVersion: orchescope/alerts-test/v1
files: [rules.yaml]
tests:
  - name: wrong all over
    rule: slow
    series: [{ group: planner, values: '5 20x3 5' }]
    expect:
      - at: 1m
        states: { planner: normal }
        incidents: []
        messages: [{ kind: resolved }]
        messageCount: 0
      - { at: 2m, messages: [{ kind: firing }] }
      - { at: 1m, messages: [] }
      - { at: 90s, messageCount: 0 }
  - name: what cannot be tested
    rule: slow
    series: [{ values: '5 five' }]
    expect: [{ at: 0s }]
  - name: no such rule
    rule: fast
    series: [{ values: '5' }]
    expect: [{ at: 0s }]
  - name: a budget burns
    rule: burn
    series: [{ burn: [{ long: '0.6x3', short: '0.1 0.7x2' }] }]
    expect: [{ at: 0s, state: normal }, { at: 1m, state: firing, messages: [{ kind: firing, channel: default }] }]
  - name: nothing comes
    rule: gone
    series: [{ values: '1 _x2 errorx4' }]
    expect: [{ at: 0s, state: normal }, { at: 1m, state: firing }, { at: 5m, state: error, incidents: [''] }]
`,
  );
  const ran = await alerts('test', file);
  expect(ran.code).toBe(1);
  expect(ran.stderr.trim().split('\n')).toEqual([
    `${file}:9:28: wrong all over: At 1m planner is firing, not normal.`,
    `${file}:10:20: wrong all over: At 1m there are incidents of planner, not of no group.`,
    `${file}:11:20: wrong all over: At 1m there is no such message, but firing to pager of planner.`,
    `${file}:12:23: wrong all over: At 1m there were 1 messages, not 0.`,
    `${file}:13:30: wrong all over: At 2m there is no such message, but nothing else.`,
    `${file}:14:29: wrong all over: At 1m there is more: firing to pager of planner.`,
    `${file}:15:15: wrong all over: The rule is evaluated every 1m, from 0s to 300s. Choose one of these times.`,
    `${file}:18:24: what cannot be tested: "five" is no value. Write such as 5, 5x3, 0+10x3, _ or error.`,
    `${file}:18:14: what cannot be tested: The rule has groups. Name one with group: the agent.`,
    `${file}:21:11: no such rule: There is no rule fast in the files, nor among those that ship.`,
  ]);
  expect(ran.stdout).toBe(
    `  passed  a budget burns\n  passed  nothing comes\n${file}: 2 of 5 tests passed.\n`,
  );
});

test('a file of tests that is broken is told like any other', async () => {
  const file = write(
    'a.test.yaml',
    'apiVersion: orchescope/alerts-test/v1\nfiles: []\ntests: []\n',
  );
  expect(await alerts('test', file)).toMatchObject({
    code: 1,
    stderr: `${file}:2:8: files: name 1 at least.\n${file}:3:8: tests: name 1 at least.\n`,
  });
});

test('what is exported can be checked and loaded, and is what the server has', async () => {
  const project = 'shop';
  const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  const nights = {
    name: 'nights',
    timeZone: 'Europe/Berlin',
    intervals: [{ from: '22:00', to: '06:00' }],
  };
  await put('mute-timings', { project, muteTiming: nights });
  await put('channels', {
    project,
    channel: { name: 'on-call', type: 'webhook', url: 'https://hooks.example.com/x', secret },
  });
  const slow = {
    id: 'slow',
    title: 'on: "fire" # all',
    metric: 'agent_latency',
    condition: { type: 'threshold', alert: 5_000 },
  };
  await put('rules', {
    project,
    rule: { ...slow, channels: ['on-call'], muteTimings: ['nights'], labels: { team: 'no' } },
  });

  const exported = await alerts('export', '--project', project, '--url', server.url);
  expect([exported.code, exported.stderr]).toEqual([0, '']);
  expect(exported.stdout).toContain('secret: ${env:ORCHESCOPE_CHANNEL_ON_CALL}\n');
  expect(exported.stdout).not.toContain('whsec_');

  const file = write('exported.yaml', exported.stdout);
  expect(await alerts('check', '--without-secrets', file)).toMatchObject({ code: 0, stderr: '' });
  const secretOf = (name: string) => (name === 'ORCHESCOPE_CHANNEL_ON_CALL' ? secret : null);
  const context = { secretKey: new Uint8Array(32), env: secretOf };
  const loaded = loadAlertFiles(file, context).get(project);
  const headers = { authorization: `Bearer ${key}` };
  const { text } = await server.ask(`/api/alerts/rules?project=${project}`, { headers });
  const standing = alertRules.parse(JSON.parse(text)).rules.map(({ rule }) => rule);
  expect(loaded?.rules.map(({ rule }) => rule)).toEqual(standing);
  expect(loaded?.muteTimings).toMatchObject([{ muteTiming: nights }]);
  expect(loaded?.channels).toMatchObject([
    { channel: { name: 'on-call', secret: null }, secretHost: 'hooks.example.com:443' },
  ]);
});

test('a key that is wrong is told', async () => {
  const ran = await runHere(['alerts', 'export', '--url', server.url, '--key', 'another']);
  expect([ran.code, ran.stdout]).toEqual([1, '']);
  expect(ran.stderr).toMatch(/^orchescope alerts: .+\.\n$/);
});

test('backtest says what a rule would have done, of a file or as the server has it', async () => {
  const canary = await runHere(['canary', '--url', server.url, '--traces', '3'], env);
  expect(canary.code).toBe(0);
  const rule = {
    id: 'busy',
    title: 'Something runs',
    metric: 'runs_started',
    condition: { type: 'threshold', alert: 0 },
  };
  const file = write(
    'busy.yaml',
    `${head}\nproject: orchescope-canary\nrules: [${JSON.stringify({ ...rule, muteTimings: ['nights'] })}]\nmuteTimings: [{ name: nights, intervals: [{}] }]\n`,
  );
  const inAWhile = new Date(Date.now() + 600_000).toISOString();
  const range = ['--from', 'now-1h', '--to', inAWhile, '--url', server.url];
  await expect
    .poll(async () => (await alerts('backtest', '--rule', file, ...range)).stdout, {
      timeout: 30_000,
      interval: 500,
    })
    .toMatch(
      /^busy: Something runs, from now-1h to \S+\n {2}episodes {9}1\n {2}minutes firing {3}\d+\n {2}messages {9}1, [\d.]+ a day\n {4}\S+Z {2} goes on {2}worst 3 count\n {2}note: /,
    );
  await put('rules', {
    project: 'orchescope-canary',
    rule: { ...rule, id: 'kept', title: 'Kept' },
  });
  const kept = await alerts(
    'backtest',
    '--rule',
    'kept',
    '--project',
    'orchescope-canary',
    ...range,
  );
  expect(kept.stdout).toMatch(/^kept: Kept, from .+\n {2}episodes {9}1\n/);
  expect(await alerts('backtest', '--rule', 'lost', ...range)).toMatchObject({
    code: 1,
    stderr: 'orchescope alerts: There is no rule "lost". GET /api/alerts/rules lists them.\n',
  });
});
