/**
 * What providers ask for their own tools, where the bundled list does not say. Beside
 * each stands the provider's page, and the day on which a copy of it was read; null = known from others who write about
 * it, and not read there. What a provider gives for free every day is not counted: who knows what is left of it?
 */
import type { ToolRate } from './rates.ts';
import { toTrillionths } from './usd.ts';

type ToolRow = {
  /** As the price list calls it. */
  readonly provider: string;
  readonly tool: string;
  /** Start of the ids of models; empty = all. */
  readonly models: string;
  readonly usdPerThousand: number;
  readonly per: ToolRate['per'];
  readonly source: string;
  readonly read: string | null;
};

const openAi = {
  provider: 'openai',
  models: '',
  per: 'use',
  source: 'https://developers.openai.com/api/docs/pricing',
  read: '2026-11-21',
} as const;
const anthropic = {
  provider: 'anthropic',
  models: '',
  per: 'use',
  source: 'https://platform.claude.com/docs/en/about-claude/pricing',
  read: null,
} as const;
const google = {
  provider: 'google',
  tool: 'web_search',
  source: 'https://ai.google.dev/gemini-api/docs/pricing',
  read: '2026-11-21',
} as const;
const xAi = {
  provider: 'x-ai',
  models: '',
  per: 'use',
  source: 'https://docs.x.ai/developers/pricing',
  read: '2026-11-21',
} as const;
const mistral = {
  provider: 'mistral',
  models: '',
  per: 'use',
  source: 'https://mistral.ai/pricing',
  read: null,
} as const;

const toolRows: readonly ToolRow[] = [
  { ...openAi, tool: 'web_search', usdPerThousand: 10 },
  { ...openAi, tool: 'file_search', usdPerThousand: 2.5 },
  // A session of the smallest container.
  { ...openAi, tool: 'code_interpreter', usdPerThousand: 30, read: null },
  { ...anthropic, tool: 'web_search', usdPerThousand: 10 },
  { ...anthropic, tool: 'web_fetch', usdPerThousand: 0 },
  { ...google, models: 'gemini-2', usdPerThousand: 35, per: 'request' },
  { ...google, models: 'gemini-3', usdPerThousand: 14, per: 'use' },
  { ...xAi, tool: 'web_search', usdPerThousand: 5 },
  { ...xAi, tool: 'x_search', usdPerThousand: 5 },
  { ...xAi, tool: 'code_execution', usdPerThousand: 5 },
  { ...xAi, tool: 'code_interpreter', usdPerThousand: 5 },
  { ...xAi, tool: 'attachment_search', usdPerThousand: 10 },
  { ...xAi, tool: 'collections_search', usdPerThousand: 2.5 },
  { ...xAi, tool: 'file_search', usdPerThousand: 2.5 },
  { ...mistral, tool: 'web_search', usdPerThousand: 30 },
  { ...mistral, tool: 'code_interpreter', usdPerThousand: 30 },
];

/** @param provider and model as the price list calls them */
export function findToolRates(provider: string, model: string): ReadonlyMap<string, ToolRate> {
  const fitting = toolRows.filter(
    (row) => row.provider === provider && model.startsWith(row.models),
  );
  return new Map(
    fitting.map(({ tool, usdPerThousand, per }) => [
      tool,
      { rate: toTrillionths(usdPerThousand / 1_000), per },
    ]),
  );
}
