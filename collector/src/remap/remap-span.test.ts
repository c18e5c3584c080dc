import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spanFlags, type ContentItem, type Span } from '../span.ts';
import { oneSpan } from '../store/span-arbitrary.ts';
import { ingest, ingestFixtures, price } from './remap.testing.ts';
import { remapSpan, type RemapContext, type Remapped } from './remap-span.ts';
import { requestArbitrary } from './request-arbitrary.testing.ts';

const context: RemapContext = {
  receivedUnixNano: BigInt(Date.now()) * 1_000_000n,
  mayLackContent: false,
  price,
};

/** What differs, before and after. */
function tell(stored: Span, remapped: Remapped): unknown[] {
  if (remapped.outcome !== 'changed') return remapped.outcome === 'same' ? [] : [remapped.reason];
  return remapped.columns.flatMap((column) => {
    const field = column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const pick = (span: Span) => Object.entries(span).find(([name]) => name === field)?.[1];
    return [column, pick(stored), pick(remapped.span)];
  });
}

const fixtures = ingestFixtures();

test('what the same mapping made stays as it is, whatever was sent', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(requestArbitrary, (request) => {
      for (const span of ingest(request)) {
        expect(tell(span, remapSpan(span, context))).toEqual([]);
      }
    }),
    { numRuns: 600 },
  );
});

test('and so does every recording', () => {
  expect(fixtures.length).toBeGreaterThan(100);
  for (const span of fixtures) expect(remapSpan(span, context)).toEqual({ outcome: 'same' });
});

const stored: Span = {
  ...oneSpan,
  dialect: 'otel',
  stepIndex: -1,
  attributes: new Map([['a', 'b']]),
  resourceAttributes: new Map([['service.name', oneSpan.serviceName]]),
};

function changed(span: Span, changes: Partial<RemapContext> = {}): Span {
  const remapped = remapSpan(span, { ...context, ...changes });
  if (remapped.outcome !== 'changed') throw new Error(`nothing changed: ${remapped.outcome}`);
  return remapped.span;
}

const item = (key: string, body: string, format: ContentItem['format'] = 'json'): ContentItem => ({
  slot: 'documents',
  key,
  format,
  body,
});

describe('content', () => {
  const content = [
    item('gen_ai.input.messages', '[1]'),
    item('gen_ai.tool.call.result', '5'),
    item('gen_ai.retrieval.query.text', '{"sent":"as a value"}'),
    item('llm.input_messages', '{"llm.input_messages.0.2":{"2":1,"1":"__proto__"}}', 'flat'),
    item('other', '{"now":"an attribute"}'),
  ];

  test('goes back through the attributes it came from', () => {
    const span = changed({ ...stored, content });
    expect(span.content.map(({ slot, format, body }) => [slot, format, body])).toEqual([
      ['input_messages', 'json', '[1]'],
      ['tool_result', 'json', '5'],
      ['input', 'json', '{"sent":"as a value"}'],
      ['input_messages', 'flat', '{"llm.input_messages.0.2":{"2":1,"1":"__proto__"}}'],
    ]);
    expect([...span.attributes]).toEqual([
      ['a', 'b'],
      ['other', '{"now":"an attribute"}'],
    ]);
  });

  test('that cannot be taken apart stays as it is', () => {
    const broken = item('llm.input_messages', '{"llm.input_mess', 'flat');
    const span = changed({ ...stored, kind: 'llm', content: [broken] });
    expect(span.content).toEqual([broken]);
  });

  test('of an event is longer than the event kept: it stays whole', () => {
    const whole = 'x'.repeat(100_000);
    const events = [
      {
        name: 'gen_ai.user.message',
        timeUnixNano: 1n,
        attributes: new Map([['content', whole.slice(0, 65_536)]]),
      },
    ];
    const body = `[{"event.name":"gen_ai.user.message","content":"${whole}"}]`;
    const old = { ...item('gen_ai.user.message', body), slot: 'output' as const };
    const flags = spanFlags.truncated;
    const span = changed({ ...stored, flags, events, content: [old] });
    expect(span.content).toEqual([{ ...old, slot: 'input_messages' }]);
    expect([...span.attributes.keys()]).toEqual(['a']);
  });

  test('that would be cut as an attribute keeps its row', () => {
    const long = item('other', 'x'.repeat(100_000), 'text');
    const kept = { outcome: 'kept', reason: 'would_be_cut' };
    expect(remapSpan({ ...stored, content: [long] }, context)).toEqual(kept);
  });

  test('that may have expired is not taken for content that was never sent', () => {
    const told: Span = { ...stored, kind: 'llm', modelRequested: 'gpt-5' };
    const kept = { outcome: 'kept', reason: 'content_expired' };
    expect(remapSpan(told, { ...context, mayLackContent: true })).toEqual(kept);
    expect(changed(told)).toMatchObject({ kind: 'other', modelRequested: '' });
    const attributes = new Map([['gen_ai.agent.name', 'planner']]);
    const poor: Span = { ...stored, kind: 'other', attributes };
    expect(changed(poor, { mayLackContent: true }).agentName).toBe('planner');
  });
});

describe('cost', () => {
  const attributes = new Map<string, string | number>([
    ['gen_ai.operation.name', 'chat'],
    ['gen_ai.provider.name', 'openai'],
    ['gen_ai.request.model', 'gpt-4o'],
    ['gen_ai.usage.input_tokens', 1_000],
    ['gen_ai.usage.output_tokens', 100],
  ]);
  const call: Span = {
    ...stored,
    attributes,
    kind: 'llm',
    rawKind: 'chat',
    provider: 'openai',
    modelRequested: 'gpt-4o',
    usage: { ...stored.usage, inputTokens: 1_000, outputTokens: 100 },
    costUsd: '9',
    costSource: 'computed',
    computedCostUsd: '9',
    priceVersion: 'of old',
    priceMatch: 'exact',
  };

  test('of the same call stays what it was', () => {
    expect(changed({ ...call, agentName: 'wrong' })).toMatchObject({
      agentName: '',
      costUsd: '9',
      priceVersion: 'of old',
    });
  });

  test.each<[string, Partial<Span>]>([
    ['kind', { kind: 'step' }],
    ['provider', { provider: 'wrong' }],
    ['model', { modelRequested: 'wrong' }],
    ['usage', { usage: { ...call.usage, inputTokens: null } }],
    ['reported cost', { costSource: 'reported' }],
  ])('is computed anew when the %s was wrong', (_, wrong) => {
    const span = changed({ ...call, ...wrong });
    expect(span).toMatchObject({ costSource: 'computed', costUsd: '0.0035' });
    expect(span.priceVersion).not.toBe('of old');
  });
});

test('a span that ingest would not take today is left alone', () => {
  const kept = { outcome: 'kept', reason: 'not_taken_today' };
  expect(remapSpan({ ...stored, spanId: '0'.repeat(16) }, context)).toEqual(kept);
});

describe('what is not kept', () => {
  test('an error stays an error, and a message stays', () => {
    const error: Span = { ...stored, status: 'error', statusMessage: 'm', errorType: 'old' };
    expect(changed(error)).toMatchObject({ status: 'error', statusMessage: 'm', errorType: '' });
  });

  test('an announced span is not unwrapped twice', () => {
    const attributes = new Map([
      ['logfire.span_type', 'pending_span'],
      ['logfire.pending_parent_id', '00000000000000aa'],
    ]);
    const running: Span = { ...stored, attributes, endTimeUnixNano: 0n, flags: spanFlags.running };
    const span = changed({ ...running, parentSpanId: 'bb00000000000000', dialect: 'codex' });
    expect(span).toMatchObject({ spanId: stored.spanId, parentSpanId: 'bb00000000000000' });
    expect(span).toMatchObject({ dialect: 'logfire', flags: spanFlags.running });
  });

  test('times are judged by what was known when they came', () => {
    const flags = spanFlags.badTime | spanFlags.endBeforeStart;
    const span = changed({
      ...stored,
      flags,
      name: 'claude_code.tool.blocked_on_user',
      kind: 'llm',
    });
    expect(span.flags).toBe(flags | spanFlags.wait);
  });
});
