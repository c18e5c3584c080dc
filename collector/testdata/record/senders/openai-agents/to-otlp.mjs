// Traces of the OpenAI Agents SDK in the words of the dialect `openai-agents`. That SDK has ids of its own: a trace
// keeps its 32 hex digits; of a span's 24 a hash is taken, and the original stays beside it.
import { createHash } from 'node:crypto';

export function toTraceSpan(trace, startTime, endTime) {
  return {
    ...ids(trace.traceId, trace.traceId),
    name: trace.name,
    kind: 1,
    startTimeUnixNano: toNano(startTime),
    endTimeUnixNano: toNano(endTime),
    attributes: toAttributes({
      'orchescope.source.span.type': 'trace',
      'gen_ai.workflow.name': trace.name,
      'gen_ai.conversation.id': trace.groupId,
    }),
    status: {},
  };
}

export function toSpan(span) {
  const data = span.spanData;
  return {
    ...ids(span.traceId, span.spanId),
    parentSpanId: ids(span.traceId, span.parentId ?? span.traceId).spanId,
    name: data.name ?? data.type,
    kind: 1,
    startTimeUnixNano: toNano(span.startedAt),
    endTimeUnixNano: toNano(span.endedAt),
    attributes: toAttributes({
      'orchescope.source.span.type': data.type,
      'orchescope.source.span.id': span.spanId,
      ...(facts[data.type]?.(data) ?? {}),
    }),
    status: span.error ? { code: 2, message: span.error.message } : {},
  };
}

const facts = {
  agent: ({ name, tools }) => ({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': name,
    'gen_ai.tool.definitions': JSON.stringify(tools ?? []),
  }),
  turn: ({ agent_name, turn }) => ({ 'gen_ai.agent.name': agent_name, 'orchescope.step.index': turn - 1 }),
  generation: ({ model, input, output, usage }) => ({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': model,
    ...tokens(usage),
    'gen_ai.input.messages': JSON.stringify(input),
    'gen_ai.output.messages': JSON.stringify(output),
  }),
  response: ({ response_id, _input, _response }) => ({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.response.id': response_id,
    'gen_ai.response.model': _response?.model,
    'gen_ai.response.finish_reasons': _response && [_response.status],
    ...tokens(_response?.usage),
    'gen_ai.system_instructions': _response?.instructions,
    'gen_ai.input.messages': JSON.stringify(_input),
    'gen_ai.output.messages': JSON.stringify(_response?.output),
  }),
  function: ({ name, input, output }) => ({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.arguments': input,
    'gen_ai.tool.call.result': output,
  }),
  handoff: ({ from_agent, to_agent }) => ({
    'orchescope.handoff.from': from_agent,
    'orchescope.handoff.to': to_agent,
  }),
};

function tokens(usage) {
  const input = usage?.input_tokens_details ?? usage?.inputTokensDetails ?? {};
  const output = usage?.output_tokens_details ?? usage?.outputTokensDetails ?? {};
  return {
    'gen_ai.usage.input_tokens': usage?.input_tokens,
    'gen_ai.usage.output_tokens': usage?.output_tokens,
    'gen_ai.usage.cache_read.input_tokens': input.cached_tokens,
    'gen_ai.usage.reasoning.output_tokens': output.reasoning_tokens,
  };
}

function ids(traceId, id) {
  const spanId = createHash('sha256').update(id.replace(/^\w+_/, '')).digest('hex').slice(0, 16);
  return { traceId: traceId.replace(/^trace_/, ''), spanId };
}

function toNano(time) {
  return time ? String(BigInt(Date.parse(time)) * 1_000_000n) : '0';
}

function toAttributes(values) {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [{ key, value: toValue(value) }],
  );
}

function toValue(value) {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toValue) } };
  return typeof value === 'number' ? { intValue: value } : { stringValue: String(value) };
}
