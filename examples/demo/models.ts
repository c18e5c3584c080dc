/** What the demo knows of a model: enough to make tokens, money and time believable together. */
export type Model = {
  /** As `gen_ai.provider.name` spells it. */
  readonly provider: string;
  readonly name: string;
  /** What the provider says answered: a dated version. */
  readonly answersAs: string;
  /** USD for a million tokens: input, cached input, output. Null where nobody sends a bill. */
  readonly price: readonly [number, number, number] | null;
  readonly firstChunkMs: number;
  readonly tokensPerSecond: number;
  /** Median of hidden reasoning tokens a call; 0 for models that answer at once. */
  readonly reasoningTokens: number;
};

export const models = {
  gpt: model('openai', 'gpt-5.2', 'gpt-5.2-2025-12-11', [1.75, 0.175, 14], 900, 70, 420),
  gptMini: model('openai', 'gpt-5-mini', 'gpt-5-mini-2025-08-07', [0.25, 0.025, 2], 480, 130, 90),
  opus: model(
    'anthropic',
    'claude-opus-4-5',
    'claude-opus-4-5-20251101',
    [5, 0.5, 25],
    1300,
    55,
    0,
  ),
  sonnet: model(
    'anthropic',
    'claude-sonnet-4-5',
    'claude-sonnet-4-5-20250929',
    [3, 0.3, 15],
    850,
    75,
    0,
  ),
  haiku: model(
    'anthropic',
    'claude-haiku-4-5',
    'claude-haiku-4-5-20251001',
    [1, 0.1, 5],
    380,
    150,
    0,
  ),
  geminiPro: model(
    'gcp.gemini',
    'gemini-2.5-pro',
    'gemini-2.5-pro',
    [1.25, 0.31, 10],
    1100,
    95,
    300,
  ),
  geminiFlash: model(
    'gcp.gemini',
    'gemini-2.5-flash',
    'gemini-2.5-flash',
    [0.3, 0.075, 2.5],
    350,
    190,
    0,
  ),
  mistral: model(
    'mistral_ai',
    'mistral-medium-latest',
    'mistral-medium-2508',
    [0.4, 0.4, 2],
    420,
    110,
    0,
  ),
  local: model('ollama', 'llama3.3:70b', 'llama3.3:70b', null, 700, 34, 0),
} as const satisfies Record<string, Model>;

function model(
  provider: string,
  name: string,
  answersAs: string,
  price: Model['price'],
  firstChunkMs: number,
  tokensPerSecond: number,
  reasoningTokens: number,
): Model {
  return { provider, name, answersAs, price, firstChunkMs, tokensPerSecond, reasoningTokens };
}

export type Tokens = {
  /** Cached tokens included, as the conventions count them. */
  readonly input: number;
  readonly cachedInput: number;
  /** Reasoning tokens included. */
  readonly output: number;
  readonly reasoning: number;
};

export function toCostUsd(of: Model, tokens: Tokens): number | null {
  if (of.price === null) return null;
  const [input, cached, output] = of.price;
  const fresh = tokens.input - tokens.cachedInput;
  return (fresh * input + tokens.cachedInput * cached + tokens.output * output) / 1e6;
}

/** Four characters a token is near enough for English. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
