import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { relay } from '../relay.ts';

const refused: Partial<Sketch> = { status: 'error', errorType: 'refused', attributes: { 'orchescope.handoff.outcome': 'refused', 'orchescope.handoff.accepted': false } };
const last = (path: readonly string[], rest: Partial<Sketch>) => (place: number) => (place === path.length - 2 ? rest : {});
const ending = (path: readonly string[], rest: Partial<Sketch>, options = {}) => relay(path, { ...options, handoff: last(path, rest) });
const failed = (errorType: string, statusMessage = ''): Partial<Sketch> => ({ status: 'error', errorType, statusMessage });

const found: readonly FindingCase[] = [
  { name: 'billing may not hand over to legal', finds: [{ variant: 'not_allowed', subject: 'billing > legal' }], spans: await readRecordedRun('handoff', 1) },
  { name: 'the other agent declines', finds: [{ variant: 'declined', subject: 'triage > billing' }], spans: ending(['triage', 'billing'], refused) },
  { name: 'it says so without an error', finds: [{ variant: 'declined' }], spans: ending(['a', 'b', 'c'], { attributes: { 'orchescope.handoff.accepted': false } }) },
  { name: 'an outcome is all that is told', finds: [{ variant: 'declined' }], spans: ending(['a', 'b'], { attributes: { 'orchescope.handoff.outcome': 'refused' } }, { dialect: 'gen-ai' }) },
  { name: 'a model makes up an agent that does not exist', finds: [{ variant: 'unknown_agent', subject: 'triage > magician' }], spans: ending(['triage', 'magician'], failed('UnknownAgentError'), { shape: 'turns', dialect: 'openai-agents' }) },
  { name: 'the same, told in words', finds: [{ variant: 'unknown_agent' }], spans: ending(['a', 'b'], failed('ValueError', 'Agent not found: b'), { shape: 'turns', dialect: 'google-adk' }) },
  { name: 'a policy of the framework', finds: [{ variant: 'not_allowed' }], spans: ending(['a', 'b'], failed('HandoffNotAllowed'), { dialect: 'agent-framework' }) },
  { name: 'asked three times, refused three times: one finding', finds: [{ variant: 'declined', subject: 'a > b' }],
    spans: relay(['a', 'b', 'a', 'b', 'a', 'b'], { handoff: (n) => (n % 2 === 0 ? refused : {}) }) },
  { name: 'two agents refuse the same task', finds: [{ subject: 'a > b' }, { subject: 'b > c' }], spans: relay(['a', 'b', 'c'], { handoff: () => refused }) },
  { name: 'refused, and the run fails of it', finds: [{ variant: 'declined' }], spans: ending(['a', 'b'], refused).map((span) => (span.id === 'root' ? { ...span, status: 'error', errorType: 'refused' } : span)) },
  { name: 'a list of whom it may ask, and the other is on it and declines', finds: [{ variant: 'declined' }],
    spans: ending(['a', 'b'], { ...refused, attributes: { ...refused.attributes, 'orchescope.handoff.allowed': ['b', 'c'] } }) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'two handoffs that are accepted', finds: [], spans: await readRecordedRun('handoff', 0) },
  { name: 'handed on until the run gives up', finds: [], spans: await readRecordedRun('handoff', 2) },
  { name: 'an agent that took over and failed', finds: [], spans: relay(['a', 'b']).map((span) => (span.id === 'agent 1' ? { ...span, status: 'error', errorType: 'Timeout' } : span)) },
  { name: 'a handoff that broke on the network', finds: [], spans: ending(['a', 'b'], failed('ConnectionError', 'connection refused')) },
  { name: 'a handoff that was cancelled', finds: [], spans: ending(['a', 'b'], { attributes: { 'orchescope.handoff.outcome': 'cancelled' } }) },
  { name: 'a model that refuses to answer', finds: [], spans: relay(['a', 'b'], { finish: 'refusal' }) },
  { name: 'a guardrail that blocks', finds: [], spans: [...relay(['a', 'b']), { id: 'guard', parent: 'agent 0', kind: 'guardrail', at: 100, attributes: { 'orchescope.guardrail.triggered': true } }] },
  { name: 'a tool that is refused', finds: [], spans: relay(['a', 'b'], { tool: () => 'pay' }).map((span) => (span.kind === 'tool' ? { ...span, status: 'error', errorType: 'refused' } : span)) },
  { name: 'an approval that a person rejects', finds: [], spans: [...relay(['a', 'b']), { id: 'ok', parent: 'agent 0', kind: 'approval', at: 100, attributes: { 'orchescope.approval.decision': 'rejected' } }] },
  { name: 'a task that a full queue rejects', finds: [], spans: [{ id: 'root', kind: 'agent', agentName: 'desk', until: 900, events: [{ name: 'orchescope.rejected', at: 5, attributes: { 'orchescope.rejected.by': 'backpressure' } }] }] },
  { name: 'an accepted handoff from a list of whom it may ask', finds: [], spans: relay(['a', 'b'], { handoff: () => ({ attributes: { 'orchescope.handoff.allowed': ['b'], 'orchescope.handoff.accepted': true } }) }) },
  { name: 'a handoff to somebody who has no spans here', finds: [], spans: relay(['a', 'b']).filter(({ id }) => id !== 'agent 1' && id !== 'llm 1') },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
