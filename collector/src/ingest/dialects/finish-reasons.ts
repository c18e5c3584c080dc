import type { AttributeValue } from '../../span.ts';

/** The sender's spellings -> ours. What is in neither is `other`; the sender's own word stays in the attributes. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['stop', 'stop'],
  ['end_turn', 'stop'],
  ['endturn', 'stop'],
  ['stop_sequence', 'stop'],
  ['completed', 'stop'],
  ['complete', 'stop'],
  ['eos', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['maxtokens', 'length'],
  ['max_output_tokens', 'length'],
  ['model_length', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['incomplete', 'length'],
  ['tool_call', 'tool_call'],
  ['tool_calls', 'tool_call'],
  ['tool_use', 'tool_call'],
  ['tooluse', 'tool_call'],
  ['function_call', 'tool_call'],
  ['content_filter', 'content_filter'],
  ['content_filtered', 'content_filter'],
  ['safety', 'content_filter'],
  ['recitation', 'content_filter'],
  ['blocklist', 'content_filter'],
  ['prohibited_content', 'content_filter'],
  ['guardrail_intervened', 'content_filter'],
  ['refusal', 'content_filter'],
  ['error', 'error'],
  ['failed', 'error'],
]);

/** An array, the JSON of one, a list with commas, or one bare word. */
export function readFinishReasons(value: AttributeValue): readonly string[] | null {
  const words = Array.isArray(value) ? (value as readonly AttributeValue[]) : [value];
  const reasons = words
    .flatMap((word) => (typeof word === 'string' ? word.split(/[\s,"[\]]+/) : []))
    .filter((word) => word !== '' && word !== 'null')
    .map((word) => spellings.get(word.toLowerCase().replaceAll('-', '_')) ?? 'other');
  return reasons.length === 0 ? null : reasons;
}
