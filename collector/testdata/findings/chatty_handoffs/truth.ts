import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { relay } from '../relay.ts';

const ring = (names: readonly string[], hops: number): readonly string[] =>
  Array.from({ length: hops + 1 }, (_, n) => names[n % names.length] ?? '');
const three = ['triage', 'billing', 'returns'];
const one = { variant: '' };

const found: readonly FindingCase[] = [
  { name: 'three agents send a customer round twice', finds: [{ subject: 'billing > returns > triage' }], spans: relay(ring(three, 6)) },
  { name: 'the same in turns of the OpenAI SDK', finds: [one], spans: relay(ring(three, 7), { shape: 'turns', dialect: 'openai-agents' }) },
  { name: 'the same with each agent inside of the handoff to it', finds: [one], spans: relay(ring(three, 6), { shape: 'nested', dialect: 'google-adk' }) },
  { name: 'four agents in a zigzag, back to triage every time', finds: [one], spans: relay(['triage', 'a', 'triage', 'b', 'triage', 'c', 'triage', 'a']) },
  { name: 'seven agents in a row who each pass it on', finds: [one], spans: relay(['a', 'b', 'c', 'd', 'e', 'f', 'g'], { shape: 'turns' }) },
  {
    name: 'work at the start and at the end, and six handoffs between',
    finds: [one],
    spans: relay(ring(three, 8), { tool: (n) => (n === 0 || n === 8 ? 'search' : '') }),
  },
  {
    name: 'two stretches of six handoffs, and an answer of 600 tokens between them',
    finds: [one, one],
    spans: relay(ring(three, 13), { tokens: (n) => (n === 7 ? 600 : 15) }),
  },
  {
    name: 'the only tools are those that hand over',
    finds: [one],
    spans: relay(ring(three, 6), { tool: (n) => (n % 2 === 0 ? 'transfer_to_agent' : 'handoff_to_billing') }),
  },
  {
    name: 'agents that try a tool before they pass it on, and the tool fails each time',
    finds: [one],
    spans: relay(ring(three, 6), { tool: () => 'crm' }).map((span) =>
      span.kind === 'tool' ? { ...span, status: 'error', errorType: 'Down' } : span,
    ),
  },
  { name: 'five agents in a ring of 24 handoffs', finds: [one], spans: relay(ring(['a', 'b', 'c', 'd', 'e'], 24), { tokens: () => 60, dialect: 'autogen' }) },
  {
    name: 'told twice by two instrumentations, six handoffs all the same',
    finds: [one],
    spans: relay(ring(three, 6)).flatMap((span) =>
      span.kind === 'handoff' ? [span, { ...span, id: `${span.id} again`, at: (span.at ?? 0) + 5, until: (span.at ?? 0) + 10 }] : [span],
    ),
  },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'triage, billing, refunds: two handoffs to the right desk', finds: [], spans: await readRecordedRun('handoff', 0) },
  { name: 'four hops between two desks, which is another story', finds: [], spans: await readRecordedRun('handoff', 2) },
  { name: 'five handoffs among three agents', finds: [], spans: relay(ring(three, 5)) },
  { name: 'ten handoffs, and each agent looks something up', finds: [], spans: relay(ring(three, 10), { tool: () => 'look_up' }) },
  { name: 'ten handoffs, and each agent writes half a page', finds: [], spans: relay(ring(three, 10), { tokens: () => 350 }) },
  { name: 'eight handoffs between two agents: a loop, told as one', finds: [], spans: relay(ring(['a', 'b'], 8)) },
  { name: 'triage hands over to billing, which goes back and forth with technical eight times', finds: [], spans: relay(['triage', ...ring(['billing', 'technical'], 8)]) },
  { name: 'nobody tells how long the answers were', finds: [], spans: relay(ring(three, 9), { tokens: () => null }) },
  { name: 'a supervisor that says it is one', finds: [], spans: relay(['s', 'a', 's', 'b', 's', 'c', 's', 'a'], { pattern: 'supervisor' }) },
  { name: 'a group chat whose speakers hand over to the next', finds: [], spans: relay(ring(three, 12), { pattern: 'group_chat' }) },
  { name: 'work after every fourth handoff', finds: [], spans: relay(ring(three, 16), { tool: (n) => (n % 4 === 3 ? 'search' : '') }) },
  {
    name: 'one agent asks eight others, who all refuse',
    finds: [],
    spans: relay(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], { handoff: () => ({ status: 'error', errorType: 'refused' }) }),
  },
  {
    name: 'agents that read the knowledge base before they pass it on',
    finds: [],
    spans: relay(ring(three, 8), { tool: () => 'kb' }).map((span) => (span.kind === 'tool' ? { ...span, kind: 'retrieval' } : span)),
  },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
