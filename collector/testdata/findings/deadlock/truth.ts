import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { waiting, type WaitStory } from './waits.ts';

const timeout = { status: 'error', errorType: 'TimeoutError' } as const;
/** Each waits for the next, and the first to end gives up. */
const ring = (names: readonly string[], rest: Partial<Sketch> = timeout, ms = 3000): readonly WaitStory[] =>
  names.map((who, n) => ({ who, forWhom: names[(n + 1) % names.length] ?? '', at: 100 * n, until: n === 0 ? 100 * names.length + ms : 9000, ...(n === 0 ? { rest } : {}) }));

const found: readonly FindingCase[] = [
  { name: 'a writer waits for facts, and the researcher for an outline', finds: [{ subject: 'researcher > writer' }], spans: await readRecordedRun('deadlock', 0) },
  { name: 'three agents in a ring', finds: [{ subject: 'a > b > c' }], spans: waiting(ring(['b', 'c', 'a'])) },
  { name: 'six agents in a ring', finds: [{}], spans: waiting(ring(['a', 'b', 'c', 'd', 'e', 'f'])) },
  { name: 'two agents who wait still: no span has an end', finds: [{ subject: 'a > b' }], spans: waiting([{ who: 'a', forWhom: 'b', at: 0, until: null }, { who: 'b', forWhom: 'a', at: 50, until: null }]), nowMs: 60_000 },
  { name: 'a supervisor cancels one of the two', finds: [{ subject: 'a > b' }], spans: waiting(ring(['a', 'b'], { attributes: { 'orchescope.outcome': 'cancelled' } })) },
  { name: 'a waits for two, of which one waits for it', finds: [{ subject: 'a > c' }],
    spans: waiting([{ who: 'a', forWhom: ['b', 'c'], at: 0, until: 4000, rest: timeout }, { who: 'c', forWhom: 'a', at: 100, until: 5000 }]) },
  { name: 'two rings side by side', finds: [{ subject: 'a > b' }, { subject: 'c > d' }],
    spans: waiting([...ring(['a', 'b']), ...ring(['c', 'd'])]) },
  { name: 'the same two get stuck three times: one finding', finds: [{ subject: 'a > b' }],
    spans: waiting(times(3, (n) => [
      { who: 'a', forWhom: 'b', at: 5000 * n, until: 5000 * n + 2000, rest: timeout },
      { who: 'b', forWhom: 'a', at: 5000 * n + 10, until: 5000 * n + 2100 },
    ]).flat()) },
  { name: 'plain OpenTelemetry spans in two services, with the attribute', finds: [{ subject: 'billing > stock' }],
    spans: waiting([{ who: 'billing', forWhom: 'stock', at: 0, until: 2000, rest: timeout }, { who: 'stock', forWhom: 'billing', at: 200, until: 2300 }]).map((span) => ({ ...span, dialect: 'other', serviceName: span.agentName ?? '' })) },
  { name: 'a tool that waits for a lock another agent holds, who waits for the first', finds: [{ subject: 'a > b' }],
    spans: waiting([{ who: 'a', forWhom: 'b', at: 0, until: 1500, rest: { ...timeout, kind: 'tool', toolName: 'lock' } }, { who: 'b', forWhom: 'a', at: 100, until: 1600, rest: { kind: 'tool', toolName: 'lock' } }]) },
  { name: 'an agent that waits for itself', finds: [{ subject: 'a > a' }], spans: waiting([{ who: 'a', forWhom: 'a', at: 0, until: 900, rest: timeout }, { who: 'a', forWhom: 'a', at: 10, until: 950 }]) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'the outline goes out first, and each gets what it waits for', finds: [], spans: await readRecordedRun('deadlock', 1) },
  { name: 'a wait that times out: the other was slow, and waited for nobody', finds: [], spans: waiting([{ who: 'a', forWhom: 'b', at: 0, until: 5000, rest: timeout }]) },
  { name: 'a waits for b, which waits for c, which is down', finds: [], spans: waiting([{ who: 'a', forWhom: 'b', at: 0, until: 5000, rest: timeout }, { who: 'b', forWhom: 'c', at: 10, until: 4000, rest: timeout }]) },
  { name: 'two letters cross on the way: both arrive', finds: [], spans: waiting([{ who: 'a', forWhom: 'b', at: 0, until: 2000 }, { who: 'b', forWhom: 'a', at: 10, until: 2500 }]) },
  { name: 'each waits for the other, one after the other', finds: [], spans: waiting([{ who: 'a', forWhom: 'b', at: 0, until: 2000 }, { who: 'b', forWhom: 'a', at: 2000, until: 4000, rest: timeout }]) },
  { name: 'two workers wait for one lead, which times out on a third', finds: [], spans: waiting([{ who: 'a', forWhom: 'lead', at: 0, until: 4000 }, { who: 'b', forWhom: 'lead', at: 0, until: 4000 }, { who: 'lead', forWhom: 'c', at: 10, until: 3000, rest: timeout }]) },
  { name: 'a ring of waits that is over in 2 ms', finds: [], spans: waiting(ring(['a', 'b'], timeout, -98)) },
  { name: 'agents that call each other, each inside of the other', finds: [],
    spans: [{ id: 'a', kind: 'agent', agentName: 'a', until: 900 }, { id: 'b', parent: 'a', kind: 'agent', agentName: 'b', at: 1, until: 800, ...timeout }, { id: 'a2', parent: 'b', kind: 'agent', agentName: 'a', at: 2, until: 700, ...timeout }] },
  { name: 'an agent that waits for a person', finds: [], spans: waiting([{ who: 'a', forWhom: 'reviewer', at: 0, until: null }]), nowMs: 9_000_000 },
  { name: 'a barrier: four wait for each other, and the last lets all go', finds: [],
    spans: waiting(['a', 'b', 'c', 'd'].map((who, n, all) => ({ who, forWhom: all.filter((name) => name !== who), at: 500 * n, until: 1600 }))) },
  { name: 'peers who ask and answer', finds: [], spans: await readRecordedRun('peer-to-peer', 0) },
  { name: 'waits without a name of who waits', finds: [], spans: waiting([{ who: '', forWhom: 'b', at: 0, until: 900, rest: timeout }, { who: '', forWhom: 'a', at: 10, until: 950 }]) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
