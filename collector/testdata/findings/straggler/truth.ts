import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { fanOut, ms } from './branches.ts';

const found: readonly FindingCase[] = [
  { name: 'four agents, of which one takes ten times as long', finds: [{ subject: 'w2' }], spans: fanOut(ms(1000, 1200, 12_000, 900)) },
  { name: 'three branches of a step, and one waits for a slow tool', finds: [{}], spans: fanOut(ms(800, 9000, 700), 'step') },
  { name: 'twenty searches side by side, one of which times out after 30 seconds', finds: [{ subject: 'search' }],
    spans: fanOut(times(20, (n) => (n === 7 ? { ms: 30_000, status: 'error' as const, errorType: 'Timeout' } : { ms: 400 + 10 * n })), 'tool') },
  { name: 'five answers of a model to choose from, one of which is long', finds: [{}], spans: fanOut(ms(2000, 2100, 1900, 2200, 11_000), 'llm') },
  { name: 'a pool of workers that start one after the other', finds: [{ subject: 'w5' }], spans: fanOut([...times(5, (n) => ({ ms: 1000, from: 100 * n })), { ms: 8000, from: 500 }]) },
  { name: 'nodes of a LangGraph superstep', finds: [{}], spans: fanOut(ms(600, 700, 650, 6000), 'step').map((span) => ({ ...span, dialect: 'openinference' })) },
  { name: 'two fan-outs one after the other, each with a straggler', finds: [{ subject: 'w1' }, { subject: 'w4' }],
    spans: fanOut([{ ms: 500 }, { ms: 6000 }, { ms: 500 }, { ms: 500, from: 7000 }, { ms: 6000, from: 7000 }, { ms: 500, from: 7000 }]) },
  { name: 'a branch is slow because of a straggler of its own: the inner one is told', finds: [{ subject: 'slow tool' }],
    spans: [...fanOut(ms(500, 9000, 600)), ...['a', 'b', 'slow tool'].map((agentName, n) => ({ id: agentName, parent: 'branch 1', kind: 'agent' as const, agentName, at: 200, until: n === 2 ? 9000 : 700 }))] },
  { name: 'branches in traces of their own, joined by links', finds: [{ subject: 'w2' }],
    spans: [
      { id: 'join', kind: 'workflow', until: 20_000, links: times(3, (n) => ({ to: `branch ${n}`, trace: `t${n}`, rel: 'fan_in' })) },
      ...times(3, (n) => ({ id: `branch ${n}`, traceId: `t${n}`, kind: 'agent' as const, agentName: `w${n}`, at: 100, until: n === 2 ? 12_000 : 1100 })),
    ] },
  { name: 'something follows when the last branch has ended', finds: [{ subject: 'w0' }],
    spans: [...fanOut(ms(7000, 800, 900), 'agent', { until: 9000 }), { id: 'merge', parent: 'root', kind: 'llm', at: 7150, until: 8900 }] },
  { name: 'one straggler among a hundred', finds: [{ subject: 'w50' }], spans: fanOut(times(100, (n) => ({ ms: n === 50 ? 20_000 : 1000 + n }))) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'four branches of about the same length', finds: [], spans: fanOut(ms(4000, 4400, 5000, 4700)) },
  { name: 'twice as long as the others is not out of the usual', finds: [], spans: fanOut(ms(3000, 3500, 6500)) },
  { name: 'ten times as long, and it all takes 600 ms', finds: [], spans: fanOut(ms(50, 60, 600)) },
  { name: 'a model and a guardrail beside it: two branches', finds: [], spans: fanOut(ms(200, 9000), 'step') },
  { name: 'tools that do different things', finds: [], spans: fanOut([{ ms: 50, toolName: 'read_file' }, { ms: 60, toolName: 'list' }, { ms: 9000, toolName: 'run_tests' }], 'tool') },
  { name: 'nobody waits: other work begins before it ends', finds: [],
    spans: [...fanOut(ms(500, 600, 9000)), { id: 'next', parent: 'root', kind: 'llm', at: 800, until: 9000 }] },
  { name: 'the parent ended long before: it is left to run', finds: [], spans: fanOut(ms(500, 600, 9000), 'agent', { until: 800 }) },
  { name: 'a race: the others were cancelled when the first was there', finds: [],
    spans: fanOut([{ ms: 900 }, { ms: 5000, attributes: { 'orchescope.outcome': 'cancelled' } }, { ms: 950 }, { ms: 910 }]) },
  { name: 'a branch in which a person approves something', finds: [],
    spans: [...fanOut(ms(500, 9000, 600)), { id: 'ok', parent: 'branch 1', kind: 'approval', at: 300, until: 8800 }] },
  { name: 'a step that looks after steps that come one after the other', finds: [], spans: fanOut([{ ms: 20_000 }, ...times(8, (n) => ({ ms: 1000, from: 1000 * n }))], 'step') },
  { name: 'stages one after the other, the last of which is long', finds: [], spans: fanOut([{ ms: 1000 }, { ms: 1000, from: 1000 }, { ms: 9000, from: 2000 }], 'step') },
  { name: 'requests of a server: roots side by side', finds: [],
    spans: times(4, (n) => ({ id: `r${n}`, kind: 'agent' as const, agentName: 'a', traceId: `t${n}`, at: 0, until: n === 3 ? 20_000 : 900 })) },
  { name: 'a tail that is short next to the whole', finds: [], spans: fanOut(ms(10_000, 11_000, 3000, 2000, 2000, 12_500)) },
  { name: 'a branch that is not done yet', finds: [], spans: fanOut([{ ms: 500 }, { ms: 600 }, { ms: 9000, until: null }]) },
  { name: 'three pages of a site, and a browser that crashed', finds: [], spans: await readRecordedRun('agent-pool', 0) },
  { name: 'three sources, of which one does not answer', finds: [], spans: await readRecordedRun('fan-out-fan-in', 0) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
