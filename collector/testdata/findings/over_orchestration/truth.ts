import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { relay } from '../relay.ts';
import { chainOf, delegation } from './chains.ts';

const passing = { variant: 'passing_on' };
const little = { variant: 'little_work' };
const four = ['concierge', 'planner', 'manager', 'worker'];

const found: readonly FindingCase[] = [
  { name: 'three agents pass a task on to a fourth, each inside of the other', finds: [{ ...passing, subject: 'desk' }], spans: delegation(chainOf(four)) },
  { name: 'the same with agents as tools', finds: [passing], spans: delegation(chainOf(four, { tools: ['work'] }, { through: 'tool' }), 'ai-sdk') },
  { name: 'the same through steps, in a hierarchy', finds: [passing], spans: delegation(chainOf(four, { tokens: 800 }, { through: 'step' })) },
  { name: 'the same by handoffs', finds: [passing], spans: relay(four, { tool: (n) => (n === 3 ? 'refund' : '') }) },
  { name: 'the same by handoffs in turns of the OpenAI SDK', finds: [passing], spans: relay(four, { shape: 'turns', dialect: 'openai-agents', tool: (n) => (n === 3 ? 'refund' : '') }) },
  { name: 'the same with each agent inside of the handoff to it', finds: [passing], spans: relay(four, { shape: 'nested', dialect: 'google-adk', tool: (n) => (n === 3 ? 'refund' : '') }) },
  { name: 'five pass on, three work', finds: [passing], spans: delegation(chainOf(['a', 'b', 'c', 'd', 'e', 'f'], { tools: ['x'], gives: [{ agent: 'g', tools: ['y'] }, { agent: 'h', tools: ['z'] }] })) },
  { name: 'a director with ten short answers from ten agents', finds: [little],
    spans: delegation({ agent: 'director', calls: 2, gives: times(10, (n) => ({ agent: `w${n}` })) }) },
  { name: 'twelve handoffs in a ring, in which each agent only passes on', finds: [passing],
    spans: relay(times(13, (n) => ['a', 'b', 'c'][n % 3] ?? ''), { tool: (n) => (n === 12 ? 'look_up' : '') }) },
  { name: 'routes and plans for a single answer', finds: [little],
    spans: [
      ...delegation({ agent: 'a', tokens: 400 }),
      ...times(7, (n) => ({ id: `route ${n}`, parent: 'root', kind: 'route' as const, at: 10 * n })),
      ...times(4, (n) => ({ id: `plan ${n}`, parent: 'root', kind: 'plan' as const, at: 10 * n })),
    ] },
  { name: 'two managers with five workers each, all of whom answer in a word', finds: [little],
    spans: delegation({ agent: 'boss', calls: 2, gives: ['m1', 'm2'].map((agent) => ({ agent, calls: 2, gives: times(5, (n) => ({ agent: `${agent} w${n}` })) })) }) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'a triage desk and two experts', finds: [], spans: await readRecordedRun('handoff', 0) },
  { name: 'a supervisor, a writer and reviews', finds: [], spans: await readRecordedRun('supervisor-worker', 0) },
  { name: 'a hierarchy of nine', finds: [], spans: await readRecordedRun('hierarchy', 0) },
  { name: 'two desks that hand a customer back and forth', finds: [], spans: await readRecordedRun('handoff', 2) },
  { name: 'a hub with spokes', finds: [], spans: await readRecordedRun('hub-and-spoke', 0) },
  { name: 'a group chat', finds: [], spans: await readRecordedRun('group-chat', 0) },
  { name: 'a debate', finds: [], spans: await readRecordedRun('debate', 0) },
  { name: 'one triage desk that passes on to an expert', finds: [], spans: delegation(chainOf(['triage', 'expert'])) },
  { name: 'a chain of four in which each looks something up', finds: [], spans: delegation(chainOf(four, { tools: ['work'] }, { tools: ['look_up'] })) },
  { name: 'a chain of four in which each writes half a page', finds: [], spans: delegation(chainOf(four, { tokens: 500 }, { tokens: 400 })) },
  { name: 'a director with ten workers who each call a tool', finds: [], spans: delegation({ agent: 'director', calls: 2, gives: times(10, (n) => ({ agent: `w${n}`, tools: ['search'] })) }) },
  { name: 'ten agents who judge a long text in a word', finds: [], spans: delegation({ agent: 'director', calls: 2, gives: times(10, (n) => ({ agent: `w${n}`, input: 8000 })) }) },
  { name: 'nobody tells how long answers were', finds: [], spans: delegation(chainOf(four, {}, { tokens: null })) },
  { name: 'agents that are not traced inside', finds: [], spans: delegation(chainOf(four, { calls: 0 }, { calls: 0 })) },
  { name: 'two desks that send a customer to each other twelve times: a loop, told as one', finds: [], spans: relay(['triage', ...times(13, (n) => (n % 2 === 0 ? 'billing' : 'technical'))]) },
  { name: 'thirty handoffs of agents that are not traced', finds: [], spans: times(30, (n) => ({ id: `h${n}`, kind: 'handoff' as const, handoffFrom: `a${n % 4}`, handoffTo: `a${(n + 1) % 4}`, at: n })) },
  { name: 'a run that goes on', finds: [], spans: delegation(chainOf(four), 'orchescope', { until: null }) },
  { name: 'three managers who give each task to two workers', finds: [], spans: delegation({ agent: 'boss', gives: ['m1', 'm2', 'm3'].map((agent) => ({ agent, gives: [{ agent: `${agent} a`, tools: ['x'] }, { agent: `${agent} b`, tools: ['x'] }] })) }) },
  { name: 'one agent inside of itself, four times', finds: [], spans: delegation(chainOf(['a', 'a', 'a', 'a'])) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
