import { genAi, orchescope } from '@orchescope/sdk/attributes';
import { countTokens, models, toCostUsd, type Model, type Tokens } from './models.ts';
import type { Attributes } from './otlp.ts';
import { toLink, type Run } from './run.ts';
import type { SpanRef } from './trace.ts';
import { tool, type ToolCall } from './verbs.ts';

/** An agent's conversation with its model. It grows with every call and is sent whole each time, as agents do. */
export type Talk = {
  user(text: string): void;
  /** The model answers in words. */
  says(text: string): void;
  /** The model asks for tools, all at once; they run side by side and their results join the conversation. */
  calls(...calls: readonly ToolCall[]): void;
};

export type TalkOptions = {
  readonly model: Model;
  readonly system: string;
  /** Tokens the messages do not show: tool definitions, long instructions. */
  readonly hiddenTokens?: number;
  readonly stream?: boolean;
};

type Part =
  | { type: 'text'; content: string }
  | { type: 'tool_call'; id: string; name: string; arguments: object }
  | { type: 'tool_call_response'; id: string; response: string };
type Message = { role: 'user' | 'assistant' | 'tool'; parts: Part[] };

export function talk(run: Run, options: TalkOptions): Talk {
  const messages: Message[] = [];
  let sentTokens = 0;
  const ask = (parts: Part[], finishReason: string) => {
    const input =
      countTokens(options.system + JSON.stringify(messages)) + (options.hiddenTokens ?? 600);
    callModel(run, options, { messages, parts, finishReason, input, cachedInput: sentTokens });
    sentTokens = input;
    messages.push({ role: 'assistant', parts });
  };
  return {
    user: (text) => {
      messages.push({ role: 'user', parts: [{ type: 'text', content: text }] });
    },
    says: (text) => ask([{ type: 'text', content: text }], 'stop'),
    calls: (...calls) => {
      const asked = calls.map((call) => ({ call, id: `call_${run.random.hex(6)}` }));
      ask(
        asked.map(({ call, id }) => ({
          type: 'tool_call',
          id,
          name: call.name,
          arguments: call.args,
        })),
        'tool_call',
      );
      run.parallel(
        asked.map(({ call, id }) => () => {
          const response = tool(run, call, id);
          messages.push({ role: 'tool', parts: [{ type: 'tool_call_response', id, response }] });
        }),
      );
    },
  };
}

type Exchange = {
  readonly messages: readonly Message[];
  readonly parts: readonly Part[];
  readonly finishReason: string;
  readonly input: number;
  readonly cachedInput: number;
};

const attempts = 3;

/** Rate limits and outages are part of every day: up to three tries, then the breaker opens and another model answers. */
function callModel(run: Run, options: TalkOptions, exchange: Exchange): void {
  let previous: SpanRef | null = null;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const failure = toFailure(run, options.model);
    previous = chat(run, options, exchange, { attempt, previous, failure });
    if (failure === null) return;
    const delayMs = run.random.longTail(800 * 2 ** attempt);
    run.emit('retry', { attempt, max: attempts, delayMs, reason: failure.errorType });
    run.wait(delayMs);
  }
  const model = options.model.provider === 'openai' ? models.sonnet : models.gptMini;
  run.emit('breaker', { name: options.model.provider, state: 'open' });
  run.emit('fallback', { from: options.model.name, to: model.name });
  chat(
    run,
    { ...options, model },
    { ...exchange, cachedInput: 0 },
    { attempt: 1, previous, failure: null },
  );
}

type Failure = { readonly errorType: string; readonly message: string };

function toFailure(run: Run, model: Model): Failure | null {
  const down = run.outages.some(
    ({ provider, fromMs, toMs }) =>
      provider === model.provider && run.now() >= fromMs && run.now() < toMs,
  );
  if (down && run.random.chance(0.7)) {
    return { errorType: 'overloaded_error', message: '529: the service is temporarily overloaded' };
  }
  if (!run.random.chance(0.012)) return null;
  return run.random.pick([
    {
      errorType: 'rate_limit_exceeded',
      message: '429: tokens per minute limit reached, try again in 2 s',
    },
    { errorType: 'timeout', message: 'no answer within 60 s' },
  ]);
}

type Try = {
  readonly attempt: number;
  readonly previous: SpanRef | null;
  readonly failure: Failure | null;
};

function chat(
  run: Run,
  { model, system, stream }: TalkOptions,
  exchange: Exchange,
  { attempt, previous, failure }: Try,
): SpanRef {
  const attributes = {
    [genAi.operationName]: 'chat',
    [genAi.providerName]: model.provider,
    [genAi.requestModel]: model.name,
    ...(stream ? { [genAi.requestStream]: true } : {}),
    [genAi.systemInstructions]: JSON.stringify([{ type: 'text', content: system }]),
    [genAi.inputMessages]: JSON.stringify(exchange.messages),
    ...(attempt > 1 ? { [orchescope.retryAttempt]: attempt } : {}),
  };
  const links = previous === null ? [] : [toLink(previous, 'retries')];
  return run.open(
    { name: `chat ${model.name}`, kind: 'llm', otelKind: 3, attributes, links },
    (span) => {
      if (failure !== null) {
        run.wait(failure.errorType === 'timeout' ? 60_000 : run.random.longTail(350));
        span.fail(failure.errorType, failure.message);
        return span;
      }
      span.set(answer(run, model, exchange, stream ?? false));
      return span;
    },
  );
}

/** Takes the time the answer takes and says what came back. */
function answer(run: Run, model: Model, exchange: Exchange, stream: boolean): Attributes {
  const reasoning =
    model.reasoningTokens === 0 ? 0 : Math.round(run.random.longTail(model.reasoningTokens));
  const output = countTokens(JSON.stringify(exchange.parts)) + reasoning;
  const tokens: Tokens = {
    input: exchange.input,
    cachedInput: exchange.cachedInput,
    output,
    reasoning,
  };
  const firstChunkMs = run.random.longTail(
    model.firstChunkMs + (reasoning / model.tokensPerSecond) * 1000,
    0.35,
  );
  run.wait(firstChunkMs + ((output - reasoning) / model.tokensPerSecond) * 1000);
  const costUsd = toCostUsd(model, tokens);
  return {
    [genAi.responseModel]: model.answersAs,
    [genAi.responseId]: `resp_${run.random.hex(10)}`,
    [genAi.responseFinishReasons]: [exchange.finishReason],
    [genAi.outputMessages]: JSON.stringify([
      { role: 'assistant', parts: exchange.parts, finish_reason: exchange.finishReason },
    ]),
    [genAi.usageInputTokens]: tokens.input,
    [genAi.usageOutputTokens]: tokens.output,
    [genAi.usageCacheReadInputTokens]: tokens.cachedInput,
    ...(reasoning > 0 ? { [genAi.usageReasoningOutputTokens]: reasoning } : {}),
    ...(stream ? { [genAi.responseTimeToFirstChunk]: Math.round(firstChunkMs) / 1000 } : {}),
    ...(costUsd === null ? {} : { [orchescope.costUsd]: costUsd }),
  };
}
