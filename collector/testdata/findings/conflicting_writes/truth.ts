import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { tellAgent, underWorkflow } from '../../../src/analysis/detectors/shapes.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { accesses } from './accesses.ts';

const lost = { variant: 'lost_update', subject: 'plan' };
const turn = (tool: string, error?: string) => ({ tools: [error === undefined ? { tool } : { tool, error }] });

const found: readonly FindingCase[] = [
  { name: 'a planner and an accountant write one plan; the second is refused, merges and writes', finds: [{ variant: 'settled', subject: 'launch-plan' }], spans: await readRecordedRun('concurrent-writes', 0) },
  { name: 'readers of a log come to two causes, and one is settled on', finds: [{ variant: 'settled', subject: 'cause' }], spans: await readRecordedRun('reactive-swarm', 0) },
  { name: 'two agents read version 1 and both write', finds: [lost], spans: accesses([{ who: 'a', does: 'read', version: 1 }, { who: 'b', does: 'read', version: 1 }, { who: 'a', does: 'write', basedOn: 1, version: 2 }, { who: 'b', does: 'write', basedOn: 1, version: 2 }]) },
  { name: 'the same with etags, and no base beside the writes', finds: [lost], spans: accesses([{ who: 'a', does: 'read', version: 'x1' }, { who: 'b', does: 'read', version: 'x1' }, { who: 'a', does: 'write', version: 'x2' }, { who: 'b', does: 'write', version: 'x3' }]) },
  { name: 'three agents write from one version', finds: [lost], spans: accesses(['a', 'b', 'c'].map((who) => ({ who, does: 'write', basedOn: 4 }) as const)) },
  { name: 'two resources, each overwritten', finds: [{ subject: 'plan' }, { subject: 'budget' }], spans: accesses([{ who: 'a', does: 'write', basedOn: 1 }, { who: 'b', does: 'write', basedOn: 1 }, { who: 'a', does: 'write', basedOn: 7, what: 'budget' }, { who: 'c', does: 'write', basedOn: 7, what: 'budget' }]) },
  { name: 'a write far later, from what had been read at the start', finds: [lost], spans: accesses([{ who: 'a', does: 'read', version: 1 }, { who: 'b', does: 'read', version: 1 }, { who: 'b', does: 'write', version: 2 }, { who: 'b', does: 'write', version: 3 }, { who: 'b', does: 'write', version: 4 }, { who: 'a', does: 'write', version: 5 }]) },
  { name: 'a write is refused for a conflict, and the agent gives up', finds: [{ variant: 'refused', subject: 'plan' }], spans: accesses([{ who: 'a', does: 'write', basedOn: 1, version: 2 }, { who: 'b', does: 'rejected' }]) },
  { name: 'it is refused, read again and written', finds: [{ variant: 'refused', subject: 'plan' }], spans: accesses([{ who: 'a', does: 'write', basedOn: 1, version: 2 }, { who: 'b', does: 'rejected' }, { who: 'b', does: 'read', version: 2 }, { who: 'b', does: 'write', basedOn: 2, version: 3 }]) },
  { name: 'agents of CrewAI: a tool of both fails of an optimistic lock', finds: [{ variant: 'refused', subject: 'update_ticket' }],
    spans: underWorkflow('desk', [...tellAgent('crewai', { agent: 'a', turns: [turn('update_ticket')] }), ...tellAgent('crewai', { agent: 'b', at: 100, turns: [turn('update_ticket', 'OptimisticLockError')] })]) },
  { name: 'agents of the AI SDK: a stale object', finds: [{ variant: 'refused', subject: 'saveDoc' }],
    spans: underWorkflow('docs', [...tellAgent('ai-sdk', { agent: 'a', turns: [turn('saveDoc')] }), ...tellAgent('ai-sdk', { agent: 'b', at: 100, turns: [turn('saveDoc', 'StaleObjectStateException')] })]) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'one after the other, each from what the other wrote', finds: [], spans: accesses([{ who: 'a', does: 'read', version: 1 }, { who: 'a', does: 'write', version: 2 }, { who: 'b', does: 'read', version: 2 }, { who: 'b', does: 'write', version: 3 }]) },
  { name: 'one agent writes twice from one version: it tried again', finds: [], spans: accesses([{ who: 'a', does: 'write', basedOn: 1 }, { who: 'a', does: 'write', basedOn: 1 }]) },
  { name: 'two agents write two resources of the same version', finds: [], spans: accesses([{ who: 'a', does: 'write', basedOn: 1 }, { who: 'b', does: 'write', basedOn: 1, what: 'budget' }]) },
  { name: 'many readers of one version', finds: [], spans: accesses(['a', 'b', 'c', 'd'].map((who) => ({ who, does: 'read', version: 1 }) as const)) },
  { name: 'two agents add to a log: nobody names a version', finds: [], spans: accesses([{ who: 'a', does: 'write' }, { who: 'b', does: 'write' }]) },
  { name: 'the second write failed: nothing was overwritten', finds: [], spans: accesses([{ who: 'a', does: 'write', basedOn: 1 }, { who: 'b', does: 'write', basedOn: 1, rest: { status: 'error', errorType: 'Timeout' } }]) },
  { name: 'writers without names', finds: [], spans: accesses([{ who: '', does: 'write', basedOn: 1 }, { who: '', does: 'write', basedOn: 1 }]) },
  { name: 'a reader that is behind does not write', finds: [], spans: accesses([{ who: 'a', does: 'read', version: 1 }, { who: 'b', does: 'read', version: 1 }, { who: 'a', does: 'write', version: 2 }, { who: 'a', does: 'write', version: 3 }]) },
  { name: 'a full queue rejects', finds: [], spans: await readRecordedRun('backpressure', 0) },
  { name: 'an append-only log with projections', finds: [], spans: await readRecordedRun('event-sourcing', 0) },
  { name: 'a version conflict of a tool that only one agent calls', finds: [], spans: tellAgent('crewai', { agent: 'a', turns: [turn('update_ticket', 'VersionConflict'), turn('update_ticket')] }) },
  { name: 'two agents whose bookings fail: no table is free', finds: [],
    spans: underWorkflow('desk', [...tellAgent('ai-sdk', { agent: 'a', turns: [turn('book')] }), ...tellAgent('ai-sdk', { agent: 'b', at: 100, turns: [turn('book', 'TableTaken')] })]) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
