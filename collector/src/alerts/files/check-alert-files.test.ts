import { expect, test } from 'vitest';
import { checkAlertFiles } from './check-alert-files.ts';
import { describeProblems } from './file-problem.ts';
import { toEnvironment } from './secret-reference.ts';

const routingKey = 'R0123456789abcdefR0123456789abcd';
const env = toEnvironment({ PAGER_KEY: routingKey, EMPTY: '', HOOK: 'https://10.0.0.7/hook' });

function problemsOf(text: string, environment: Parameters<typeof checkAlertFiles>[1] = env) {
  return describeProblems(
    checkAlertFiles([{ file: 'a.yaml', text: text.trimStart() }], environment).problems,
  );
}

const head = 'apiVersion: orchescope/alerts/v1';
const slow = `
  - id: slow
    title: Slow
    metric: agent_latency
    condition: { type: threshold, alert: 5000 }`;

test('a file is rules, channels and mute timings, and says what is not as it would be anyway', () => {
  const text = `${head}
project: shop
group: latency of the shop
rules:${slow}
    muteTimings: [nights]
channels:
  - { name: pager, type: pagerduty, secret: '\${env:PAGER_KEY}' }
muteTimings:
  - name: nights
    timeZone: Europe/Berlin
    intervals: [{ from: '22:00', to: '06:00' }]
`;
  const { files, problems } = checkAlertFiles([{ file: 'a.yaml', text }], env);
  expect(problems).toEqual([]);
  expect(files[0]?.content).toMatchObject({
    project: 'shop',
    rules: [{ id: 'slow', window: '5m', severity: 'warning', muteTimings: ['nights'] }],
    channels: [{ name: 'pager', secret: '${env:PAGER_KEY}' }],
    muteTimings: [{ name: 'nights' }],
  });
});

test('a date, an on and an off are texts, and anchors may stand for what is written again', () => {
  const text = `${head}
rules:
  - id: one
    title: on
    owner: 2026-11-21
    metric: agent_latency
    condition: &limit { type: threshold, alert: 5000 }
  - { id: two, title: off, metric: agent_latency, condition: *limit }`;
  const { files, problems } = checkAlertFiles([{ file: 'a.yaml', text }], env);
  expect(problems).toEqual([]);
  const [one, two] = files[0]?.content.rules ?? [];
  expect([one?.title, one?.owner, two?.title]).toEqual(['on', '2026-11-21', 'off']);
  expect(two?.condition).toEqual(one?.condition);
});

const wrong: [what: string, text: string, problems: string[]][] = [
  [
    'a field that there is not',
    `${head}\nrules:${slow}\n    windw: 5m`,
    ['a.yaml:7:5: rules.0.windw: there is no such field. Check its spelling, or leave it out.'],
  ],
  [
    'another version',
    'apiVersion: orchescope/alerts/v2',
    ['a.yaml:1:13: apiVersion: choose orchescope/alerts/v1.'],
  ],
  [
    'nothing at all',
    '',
    ['a.yaml:1:1: file: there is nothing after it: write a value, or leave it out.'],
  ],
  ['a list', '- 1', ['a.yaml:1:1: file: write fields and their values.']],
  [
    'no version, and no condition',
    'rules: [{ id: slow, title: Slow, metric: agent_latency }]',
    ['a.yaml:1:1: apiVersion: it is missing.', 'a.yaml:1:9: rules.0.condition: it is missing.'],
  ],
  [
    'wrong types, all of them at once',
    `${head}
rules:
  - id: 7
    title: ""
    metric: agent_speed
    condition: { type: treshold, alert: 5 }
    labels: { "a b": c }
    runbook: nope
    by:
    window: 5
    enabled: yes please`,
    [
      'a.yaml:3:9: rules.0.id: write a text, in quotes: "7".',
      'a.yaml:4:12: rules.0.title: write 1 character at least.',
      expect.stringMatching(/^a\.yaml:5:13: rules\.0\.metric: choose agent_latency, /),
      'a.yaml:6:24: rules.0.condition.type: there is no such type of condition. Choose threshold, ratio, seasonal, burn_rate, or absence.',
      'a.yaml:7:15: rules.0.labels.a b: use at most 64 letters, digits, dots, hyphens and underscores, and begin with a letter.',
      'a.yaml:8:14: rules.0.runbook: write an address such as https://wiki.example.com/runbook.',
      'a.yaml:9:8: rules.0.by: there is nothing after it: write a value, or leave it out.',
      'a.yaml:10:13: rules.0.window: write a text, in quotes: "5".',
      'a.yaml:11:14: rules.0.enabled: write true or false.',
    ],
  ],
  [
    'a rule that makes no sense',
    `${head}\nrules:${slow}\n    window: 5s\n    filter: 'workflow:"refund'`,
    [
      expect.stringMatching(/^a\.yaml:8:13: rules\.0\.filter: .+ \(Characters \d+ to \d+\.\)$/),
      'a.yaml:7:13: rules.0.window: choose one at least as long as the interval, or what lies between is never seen.',
    ],
  ],
  [
    'a mute timing that is in no file',
    `${head}\nrules:${slow}\n    muteTimings: [nights]`,
    ['a.yaml:7:18: rules.0.muteTimings: there is no mute timing "nights". Make it first.'],
  ],
  [
    'a rule of the server in another project',
    `${head}\nproject: shop\nrules: [{ id: disk, title: Disk, metric: disk_used_share, condition: { type: threshold, alert: 0.9 } }]`,
    [
      'a.yaml:3:42: rules.0.metric: disk_used_share is of the whole server. Set this rule in the project default.',
    ],
  ],
  [
    'a zone that does not exist',
    `${head}\nmuteTimings: [{ name: nights, timeZone: Mars/Base, intervals: [{}] }]`,
    [
      'a.yaml:2:41: muteTimings.0.timeZone: There is no time zone "Mars/Base". Write the name of one such as Europe/Berlin, America/New_York or UTC.',
    ],
  ],
  [
    'a secret in plain sight, which is not repeated',
    `${head}\nchannels: [{ name: pager, type: pagerduty, secret: ${routingKey} }]`,
    [
      'a.yaml:2:52: channels.0.secret: a secret does not belong in a file. Write ${env:NAME}, and set it in the environment of the server.',
    ],
  ],
  [
    'a secret with something around its name',
    `${head}\nchannels: [{ name: pager, type: pagerduty, secret: 'x\${env:PAGER_KEY}' }]`,
    [expect.stringContaining('a secret does not belong in a file.')],
  ],
  [
    'secrets that are not there, or empty',
    `${head}
channels:
  - { name: a, type: pagerduty, secret: '\${env:NOBODY_SET_THIS}' }
  - { name: b, type: pagerduty, secret: '\${env:EMPTY}' }
  - { name: c, type: pagerduty, secret: '\${env:constructor}' }`,
    [
      'a.yaml:3:41: channels.0.secret: NOBODY_SET_THIS is not set in the environment.',
      'a.yaml:4:41: channels.1.secret: EMPTY is not set in the environment.',
      'a.yaml:5:41: channels.2.secret: constructor is not set in the environment.',
    ],
  ],
  [
    'a channel that cannot work',
    `${head}\nchannels: [{ name: hook, type: webhook, url: 'ftp://x' }]`,
    [expect.stringMatching(/^a\.yaml:2:12: channels\.0: /)],
  ],
  [
    'a name twice',
    `${head}\nrules:${slow}${slow}`,
    ['a.yaml:7:9: rules.1.id: there is a rule slow in a.yaml:3 already. Choose another id.'],
  ],
  ['a field twice', `${head}\nproject: a\nproject: b`, ['a.yaml:3:1: Map keys must be unique.']],
  [
    'a tag that makes something else of it',
    `${head}\ngroup: !!js/function 'x'`,
    [expect.stringMatching(/^a\.yaml:2:8: Unresolved tag: .+js\/function\.$/)],
  ],
  [
    'keys that are no texts',
    `${head}\n[1]: 2`,
    [expect.stringMatching(/^a\.yaml:2:1: .+strings?\.$/)],
  ],
  ['two documents', `${head}\n---\n${head}`, [expect.stringMatching(/^a\.yaml:2:1: .+\.$/)]],
  [
    'a name that validation would leave out',
    `${head}\nrules:${slow}\n    labels: { __proto__: x }`,
    ['a.yaml:7:15: __proto__ cannot be the name of anything. Choose another name.'],
  ],
  [
    'an alias of nothing',
    `${head}\nrules: *others`,
    ['a.yaml:2:8: There is no anchor &others above. Check its spelling.'],
  ],
  [
    'an anchor within itself',
    `${head}\nrules: &all [*all]`,
    ['a.yaml:2:14: rules.0: write fields and their values.'],
  ],
  [
    'a secret that is a number, which is not repeated',
    `${head}\nchannels: [{ name: a, type: pagerduty, secret: 12345678 }]`,
    ['a.yaml:2:48: channels.0.secret: write a text.'],
  ],
  ['broken brackets', `${head}\nrules: [`, [expect.stringMatching(/^a\.yaml:\d+:\d+: .+\.$/)]],
  [
    'more than fits',
    `${head}\n# ${'x'.repeat(1024 * 1024)}`,
    ['a.yaml: Keep a file below one mebibyte.'],
  ],
  ['no end of brackets', '['.repeat(200_000), ['a.yaml: It is nested too deeply to be read.']],
  [
    'aliases of aliases without end',
    `${head}\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]`)
      .join('\n')}`,
    [expect.stringMatching(/^a\.yaml: It cannot be read: .+ Use fewer aliases\.$/)],
  ],
];

test.each(wrong)('%s is told with its place', (_, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test('who checks without the secrets is told of everything else', () => {
  const channel = (type: string) =>
    `${head}\nchannels: [{ name: a, type: ${type}, secret: '\${env:NOBODY_SET_THIS}' }]`;
  expect(problemsOf(channel('slack'), null)).toEqual([]);
  expect(problemsOf(channel('email'), null)).toEqual([
    expect.stringMatching(/^a\.yaml:2:12: channels\.0: Write the mail server as /),
  ]);
});

test('a project has so many rules, in however many files', () => {
  const written = ['a', 'b', 'c'].map((name) => ({
    file: `${name}.yaml`,
    text: `${head}\nrules:\n${Array.from({ length: 400 }, (_, at) => `  - { id: ${name}${at}, title: Slow, metric: agent_latency, condition: { type: absence } }`).join('\n')}`,
  }));
  expect(describeProblems(checkAlertFiles(written, env).problems)).toEqual([
    'c.yaml:3:3: rules: a project has at most 1000 rules. Let one rule watch several groups.',
  ]);
});

test('a name may stand in two projects, and not in two files of one', () => {
  const file = (project: string) => `${head}\nproject: ${project}\nrules:${slow}`;
  const written = ['a', 'b', 'a'].map((project, at) => ({
    file: `${at}.yaml`,
    text: file(project),
  }));
  expect(describeProblems(checkAlertFiles(written, env).problems)).toEqual([
    '2.yaml:4:9: rules.0.id: there is a rule slow in 0.yaml:4 already. Choose another id.',
  ]);
});
