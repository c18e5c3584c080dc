import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { relay } from '../relay.ts';

const found: readonly FindingCase[] = [
  { name: 'triage and returns, four hops until the run gives up', finds: [{ subject: 'triage > returns' }], spans: await readRecordedRun('handoff', 2) },
  { name: 'billing hands a question straight back', finds: [{ subject: 'triage > billing' }], spans: relay(['triage', 'billing', 'triage', 'returns'], { tool: (n) => (n === 3 ? 'refund' : '') }) },
  { name: 'the same in turns of the OpenAI SDK', finds: [{ subject: 'triage > billing' }], spans: relay(['triage', 'billing', 'triage'], { shape: 'turns', dialect: 'openai-agents', finish: 'tool_calls' }) },
  { name: 'the same with each agent inside of the handoff to it', finds: [{ subject: 'root_agent > weather' }], spans: relay(['root_agent', 'weather', 'root_agent'], { shape: 'nested', dialect: 'google-adk' }) },
  { name: 'two desks hand back, one after the other', finds: [{ subject: 'triage > a' }, { subject: 'triage > b' }], spans: relay(['triage', 'a', 'triage', 'b', 'triage', 'c'], { tool: (n) => (n === 5 ? 'work' : '') }) },
  { name: 'one desk hands back twice, with another in between that works', finds: [{ subject: 'triage > a' }], spans: relay(['triage', 'a', 'triage', 'b', 'triage', 'a', 'triage'], { tool: (n) => (n === 3 ? 'search' : '') }) },
  { name: 'deep in a chain, an expert hands back', finds: [{ subject: 'writer > expert' }], spans: relay(['lead', 'writer', 'expert', 'writer', 'editor'], { tool: (n) => (n === 4 ? 'edit' : '') }) },
  { name: 'the desk tries its tool, which is down, and hands back', finds: [{ subject: 'triage > billing' }],
    spans: relay(['triage', 'billing', 'triage'], { tool: (n) => (n === 1 ? 'ledger' : '') }).map((span) => (span.kind === 'tool' ? { ...span, status: 'error', errorType: 'Down' } : span)) },
  { name: 'the desk calls nothing but its handoff tool', finds: [{ subject: 'triage > billing' }], spans: relay(['triage', 'billing', 'triage'], { tool: (n) => (n === 1 ? 'transfer_to_triage' : ''), dialect: 'strands' }) },
  { name: 'agents without a model hand back and forth', finds: [{ subject: 'a > b' }], spans: relay(['a', 'b', 'a']).filter(({ kind }) => kind !== 'llm') },
  { name: 'two there-and-backs in a row', finds: [{ subject: 'a > b' }], spans: relay(['a', 'b', 'a', 'b', 'a'], { tokens: () => 40 }) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'triage, billing, refunds', finds: [], spans: await readRecordedRun('handoff', 0) },
  { name: 'a refused handoff, after which the agent goes on alone', finds: [], spans: await readRecordedRun('handoff', 1) },
  { name: 'billing looks into the ledger and hands back', finds: [], spans: relay(['triage', 'billing', 'triage'], { tool: (n) => (n === 1 ? 'ledger' : '') }) },
  { name: 'billing answers at length and hands back', finds: [], spans: relay(['triage', 'billing', 'triage'], { tokens: (n) => (n === 1 ? 180 : 10) }) },
  { name: 'billing answers in a word and is done: its model says so', finds: [], spans: relay(['triage', 'billing', 'triage'], { finish: 'stop', shape: 'turns' }) },
  { name: 'the framework of LangGraph hands back to the supervisor by itself', finds: [],
    spans: relay(['supervisor', 'math', 'supervisor', 'search', 'supervisor'], { handoff: (n) => (n % 2 === 1 ? { name: 'transfer_back_to_supervisor' } : {}), dialect: 'openinference' }) },
  { name: 'a supervisor that says it is one', finds: [], spans: relay(['s', 'a', 's', 'b', 's'], { pattern: 'supervisor' }) },
  { name: 'a hub with spokes', finds: [], spans: relay(['hub', 'a', 'hub', 'b', 'hub'], { pattern: 'hub-and-spoke' }) },
  { name: 'back and forth seven times: a loop, told as one', finds: [], spans: relay(['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b']) },
  { name: 'a ring: nobody hands back to the one it came from', finds: [], spans: relay(['a', 'b', 'c', 'a', 'b', 'c']) },
  { name: 'nobody tells how long the answer was', finds: [], spans: relay(['triage', 'billing', 'triage'], { tokens: () => null }) },
  { name: 'the handoff back was refused', finds: [], spans: relay(['a', 'b', 'a'], { handoff: (n) => (n === 1 ? { status: 'error', errorType: 'refused' } : {}) }) },
  { name: 'a writer asks a reader, who reads', finds: [],
    spans: relay(['writer', 'reader', 'writer'], { tool: (n) => (n === 1 ? 'kb' : '') }).map((span) => (span.kind === 'tool' ? { ...span, kind: 'retrieval' } : span)) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
