import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { asking, inRow, steps, tools } from './calls.ts';

const asked = { variant: 'tools' };
const type = (name: string, rest: Record<string, readonly string[] | string> = {}) => ({ attributes: { 'orchescope.step.type': name, ...rest } });
const embeddings = (count: number, rest: Partial<Sketch> = {}) => times(count, (): Partial<Sketch> & { ms: number } => ({ ms: 300, kind: 'embedding', model: 'text-embedding-3-small', ...rest }));
const below = (calls: readonly Sketch[], kind: 'workflow' | 'agent' = 'workflow'): readonly Sketch[] => [
  { id: 'root', kind, name: 'report', agentName: kind === 'agent' ? 'desk' : '', until: Math.max(...calls.map(({ until }) => until ?? 0)) + 100 },
  ...calls,
];

const found: readonly FindingCase[] = [
  { name: 'five weather reports that one answer asked for', finds: [{ variant: 'tools', subject: 'get_weather' }], spans: asking(tools(5, 'get_weather')) },
  { name: 'the same in a step of the AI SDK', finds: [asked], spans: asking(tools(4, 'searchFlights'), { dialect: 'ai-sdk', shape: 'step' }) },
  { name: 'the same in a node of LangGraph', finds: [asked], spans: asking(tools(4, 'search'), { dialect: 'openinference', shape: 'node' }) },
  { name: 'a crew that reads three pages', finds: [asked], spans: asking(tools(3, 'scrape_website', {}), { dialect: 'crewai' }) },
  { name: 'different tools that only look', finds: [asked], spans: asking([...tools(2, 'read_file'), ...tools(2, 'list_files').map((call, n) => ({ ...call, toolCallId: `l${n}` }))]) },
  { name: 'calls of an MCP server', finds: [asked], spans: asking(tools(4, 'fetch_page', { kind: 'mcp' })) },
  { name: 'two answers, each asking for three searches', finds: [asked, asked],
    spans: [...asking(tools(3, 'search')), { id: 'llm 2', parent: 'agent', kind: 'llm' as const, at: 4000, until: 5000 }, ...inRow('agent', tools(3, 'search').map((call, n) => ({ ...call, toolCallId: `b${n}` })), 5000)].map((span) => (span.id === 'agent' ? { ...span, until: 9000 } : span)) },
  { name: 'branches of a fan-out that run in a row', finds: [{ variant: 'steps' }], spans: below(inRow('root', steps(4, () => type('branch')))) },
  { name: 'nodes of a plan that depend on the same task and not on each other', finds: [{ variant: 'steps' }],
    spans: below(inRow('root', steps(3, (n) => type('node', { 'orchescope.step.id': `t${n}`, 'orchescope.step.depends_on': ['start'] })))) },
  { name: 'fifty texts, an embedding each', finds: [{ variant: 'embeddings', subject: 'text-embedding-3-small' }], spans: below(inRow('root', embeddings(50)), 'agent') },
  { name: 'texts embedded one by one by OpenLLMetry-traced code', finds: [{ variant: 'embeddings' }], spans: below(inRow('root', embeddings(8, { dialect: 'openllmetry' }))) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'five reports side by side', finds: [], spans: asking(tools(5, 'get_weather')).map((span) => (span.kind === 'tool' ? { ...span, at: 1002, until: 1800 } : span)) },
  { name: 'two calls only', finds: [], spans: asking(tools(2, 'get_weather')) },
  { name: 'three calls that take no time', finds: [], spans: asking(tools(3, 'get_weather').map((call) => ({ ...call, ms: 20 }))) },
  { name: 'a model thinks between the calls, and nobody traces it', finds: [], spans: asking(tools(5, 'search').map((call) => ({ ...call, gap: 1500 }))) },
  { name: 'an agent whose model is not traced at all', finds: [], spans: asking(tools(5, 'search'), { shape: 'no model' }) },
  { name: 'code that pages through results: nobody asked for calls by an id', finds: [], spans: asking(tools(5, 'list_orders', { toolCallId: '' })) },
  { name: 'clicks in a browser, whose order matters', finds: [], spans: asking(tools(5, 'click')) },
  { name: 'edits, and then the tests', finds: [], spans: asking([...tools(3, 'edit_file'), ...tools(1, 'run_tests').map((call) => ({ ...call, toolCallId: 'r' }))]) },
  { name: 'files that are read and then one that is written', finds: [], spans: asking([...tools(2, 'read_file'), ...tools(1, 'write_file').map((call) => ({ ...call, toolCallId: 'w' }))]) },
  { name: 'a model between any two searches', finds: [],
    spans: [{ id: 'agent', kind: 'agent', agentName: 'a', until: 9000 }, ...inRow('agent', times(8, (n) => (n % 2 === 0 ? { kind: 'llm' as const } : { kind: 'tool' as const, toolName: 'search', toolCallId: `c${n}` })))] },
  { name: 'stages of a pipeline', finds: [], spans: below(inRow('root', steps(4, () => type('stage')))) },
  { name: 'nodes of a plan, each of which waits for the one before', finds: [],
    spans: below(inRow('root', steps(4, (n) => type('node', { 'orchescope.step.id': `t${n}`, 'orchescope.step.depends_on': n === 0 ? [] : [`t${n - 1}`] })))) },
  { name: 'tries of one branch', finds: [], spans: below(inRow('root', steps(4, (n) => ({ ...type('branch'), attempt: n + 1 })))) },
  { name: 'tasks of a pool with one worker', finds: [],
    spans: below(inRow('root', steps(4, () => ({ ...type('branch'), events: [{ name: 'orchescope.worker', at: 1000, attributes: { 'orchescope.worker.id': 'w' } }] })))) },
  { name: 'questions to a knowledge base: embed, look up, embed, look up', finds: [],
    spans: below(inRow('root', times(8, (n) => (n % 2 === 0 ? { kind: 'embedding' as const, model: 'e', ms: 500 } : { kind: 'retrieval' as const })))) },
  { name: 'a pipeline of four stages', finds: [], spans: await readRecordedRun('sequential-pipeline', 0) },
  { name: 'a plan whose tasks run as soon as they can', finds: [], spans: await readRecordedRun('plan-dag', 0) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
