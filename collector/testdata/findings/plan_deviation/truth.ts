import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { inTurn, plan, planned, step } from './planned.ts';

const chain = { a: [], b: ['a'], c: ['b'], d: ['c'] };
const neverRun = { variant: 'never_run', subject: 'restock' };
const unplanned = { variant: 'unplanned', subject: 'restock' };
const outOfOrder = { variant: 'out_of_order', subject: 'restock' };
const failure = { status: 'error', errorType: 'Offline' } as const;

const found: readonly FindingCase[] = [
  { name: 'the last of four tasks never runs, and the run is called a success', finds: [neverRun], spans: planned([plan(chain), ...inTurn('a', 'b', 'c')]) },
  { name: 'a task that waits for nothing is left out', finds: [neverRun], spans: planned([plan({ ...chain, e: [] }), ...inTurn('a', 'b', 'c', 'd')]) },
  { name: 'the new plan is not carried out to its end', finds: [neverRun], spans: planned([plan({ a: [], x: ['a'] }), ...inTurn('a'), plan({ a: [], b: ['a'], c: ['b'] }, { version: 2, at: 250 }), step({ id: 'b', at: 400, until: 500 })]) },
  { name: 'a task runs that no plan lists', finds: [unplanned], spans: planned([plan(chain), ...inTurn('a', 'b', 'surprise', 'c', 'd')]) },
  { name: 'three tasks run that no plan lists: one finding', finds: [unplanned], spans: planned([plan(chain), ...inTurn('a', 'b', 'x', 'y', 'z', 'c', 'd')]) },
  { name: 'b begins while a is at work', finds: [outOfOrder], spans: planned([plan(chain), step({ id: 'a', at: 100, until: 400 }), step({ id: 'b', at: 200, until: 500 }), step({ id: 'c', at: 500, until: 600 }), step({ id: 'd', at: 600, until: 700 })]) },
  { name: 'the order is turned round', finds: [outOfOrder], spans: planned([plan({ a: [], b: ['a'] }), ...inTurn('b', 'a')]) },
  { name: 'no plan is told, but steps say what they depend on', finds: [{ variant: 'out_of_order' }], spans: planned([step({ id: 'a', at: 100, until: 900, dependsOn: [] }), step({ id: 'b', at: 200, until: 300, dependsOn: ['a'] })]) },
  { name: 'plain OpenTelemetry spans with the attributes', finds: [neverRun], spans: planned([plan(chain), ...inTurn('a', 'b')]).map((span) => ({ ...span, dialect: 'other' })) },
  { name: 'one task left out, another that nobody planned', finds: [neverRun, unplanned], spans: planned([plan(chain), ...inTurn('a', 'b', 'c', 'x')]) },
  { name: 'four new plans', finds: [{ variant: 'replanned', subject: 'restock' }], spans: planned([...times(5, (n) => plan({ a: [], b: ['a'] }, { version: n + 1, at: 10 * n })), ...inTurn('a', 'b')]) },
  { name: 'tasks that agents carry out under their names', finds: [neverRun],
    spans: planned([plan({ researcher: [], writer: ['researcher'], editor: ['writer'] }), ...['researcher', 'writer'].map((agentName, n) => ({ id: agentName, parent: 'root', kind: 'agent' as const, agentName, at: 100 + 100 * n, until: 190 + 100 * n }))]) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'a plan, a failure, a new plan that works', finds: [], spans: await readRecordedRun('plan-dag', 0) },
  { name: 'two plans that fail, and the run fails', finds: [], spans: await readRecordedRun('plan-dag', 1) },
  { name: 'all tasks run in their order', finds: [], spans: planned([plan(chain), ...inTurn('a', 'b', 'c', 'd')]) },
  { name: 'tasks that wait for nothing run at once', finds: [], spans: planned([plan({ a: [], b: [], c: ['a', 'b'] }), step({ id: 'a', at: 100, until: 300 }), step({ id: 'b', at: 100, until: 400 }), step({ id: 'c', at: 400, until: 500 })]) },
  { name: 'b fails, so c and d cannot run', finds: [], spans: planned([plan(chain), ...inTurn('a'), step({ id: 'b', at: 300, until: 400, rest: failure })]) },
  { name: 'the run was cancelled half way', finds: [], spans: planned([plan(chain), ...inTurn('a', 'b')], { attributes: { 'orchescope.run.outcome': 'cancelled' } }) },
  { name: 'the run goes on', finds: [], spans: planned([plan(chain), ...inTurn('a', 'b')], { until: null }) },
  { name: 'a and b were done before, a checkpoint says', finds: [],
    spans: planned([plan(chain), ...inTurn('c', 'd')], { events: ['a', 'b'].map((id) => ({ name: 'orchescope.checkpoint', at: 60, attributes: { 'orchescope.checkpoint.op': 'skip', 'orchescope.checkpoint.step': id } })) }) },
  { name: 'a task that is tried twice', finds: [], spans: planned([plan({ a: [], b: ['a'] }), step({ id: 'a', at: 100, until: 150, rest: failure }), step({ id: 'a', at: 160, until: 250 }), step({ id: 'b', at: 260, until: 300 })]) },
  { name: 'steps that have no ids of tasks', finds: [], spans: planned([plan(chain), ...times(3, (n) => ({ id: `s${n}`, parent: 'root', kind: 'step' as const, name: `round ${n}`, at: 100 + n }))]) },
  { name: 'a plan in words, of which no task is told', finds: [], spans: planned([{ id: 'p', parent: 'root', kind: 'plan', name: 'plan', until: 50 }, ...inTurn('a', 'b')]) },
  { name: 'a plan that was cut in the middle', finds: [], spans: planned([{ ...plan(chain), attributes: { 'orchescope.plan.tasks': '[{"id":"a"},{"id":' } }, ...inTurn('a')]) },
  { name: 'a step around the tasks that has an id of its own', finds: [], spans: planned([plan(chain), step({ id: 'all', at: 90, until: 900, rest: { attributes: { 'orchescope.step.type': 'stage' } } }), ...inTurn('a', 'b', 'c', 'd')]) },
  { name: 'one new plan drops a task', finds: [], spans: planned([plan(chain), ...inTurn('a', 'b'), plan({ a: [], b: ['a'], d: ['b'] }, { version: 2, at: 310 }), step({ id: 'd', at: 400, until: 500 })]) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
