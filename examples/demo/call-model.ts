import { genAi, orchescope } from '@orchescope/sdk/attributes';
import { countTokens, models, toCostUsd, type Model, type Tokens } from './models.ts';
import type { Attributes } from './otlp.ts';
import { toLink, type Run } from './run.ts';
import type { SpanRef } from './trace.ts';

export type ModelOptions = {
  readonly model: Model;
  readonly system: string;
  /** Tokens the messages do not show: tool definitions, long instructions. */
  readonly hiddenTokens?: number;
  readonly stream?: boolean;
};

export type Part =
  | { type: 'text'; content: string }
  | { type: 'tool_call'; id: string; name: string; arguments: object }
  | { type: 'tool_call_response'; id: string; response: string };
export type Message = { role: 'user' | 'assistant' | 'tool'; parts: Part[] };

type Exchange = {
  readonly messages: readonly Message[];
  readonly parts: readonly Part[];
  readonly finishReason: string;
  readonly input: number;
  readonly cachedInput: number;
};

const attempts = 3;

/** Rate limits and outages are part of every day: up to three tries, then the breaker opens and another model answers. */
export function callModel(run: Run, options: ModelOptions, exchange: Exchange): void {
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
  { model, system, stream }: ModelOptions,
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
