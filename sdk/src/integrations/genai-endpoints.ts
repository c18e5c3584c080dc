import { anthropicMessages } from './anthropic-messages.ts';
import type { GenaiApi } from './genai-api.ts';
import { googleContents, googleEmbeddings } from './google-genai-contents.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';
import { openaiResponses } from './openai-responses.ts';

const paths: readonly (readonly [RegExp, GenaiApi])[] = [
  [/\/chat\/completions$/, openaiChat],
  [/\/responses$/, openaiResponses],
  [/\/embeddings$/, openaiEmbeddings],
  [/\/v1\/messages$/, anthropicMessages],
  [/:(?:streamGenerateContent|generateContent)$/, googleContents],
  [/:(?:embedContent|batchEmbedContents)$/, googleEmbeddings],
];

/** Every request of the program passes here, so the first look is one regular expression. */
const maybe = /(?:completions|responses|embeddings|messages|Contents?)(?:\?|$)/;

/** The API that an address belongs to. */
export const findApi = (address: string): { api: GenaiApi; url: URL } | undefined => {
  if (!maybe.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const api = paths.find(([path]) => path.test(url.pathname))?.[1];
  return api && { api, url };
};

/** Ends of host names and who answers there, in OpenTelemetry's words where it has one. */
const hosts: readonly (readonly [string, string])[] = [
  ['api.openai.com', 'openai'],
  ['.openai.azure.com', 'azure.ai.openai'],
  ['.cognitiveservices.azure.com', 'azure.ai.openai'],
  ['.services.ai.azure.com', 'azure.ai.inference'],
  ['.models.ai.azure.com', 'azure.ai.inference'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['aiplatform.googleapis.com', 'gcp.vertex_ai'],
  ['api.anthropic.com', 'anthropic'],
  ['api.groq.com', 'groq'],
  ['api.mistral.ai', 'mistral_ai'],
  ['api.deepseek.com', 'deepseek'],
  ['api.x.ai', 'x_ai'],
  ['api.perplexity.ai', 'perplexity'],
  ['api.cohere.com', 'cohere'],
  ['api.cohere.ai', 'cohere'],
  ['api.moonshot.ai', 'moonshot_ai'],
  ['api.moonshot.cn', 'moonshot_ai'],
  ['openrouter.ai', 'openrouter'],
  ['api.together.xyz', 'together'],
  ['api.together.ai', 'together'],
  ['api.fireworks.ai', 'fireworks'],
  ['api.cerebras.ai', 'cerebras'],
];

/** Who serves this address, else whose API it imitates. */
export const providerOf = ({ hostname, port }: URL, api: GenaiApi): string => {
  const known = hosts.find(([end]) => hostname.endsWith(end))?.[1];
  return known ?? (port === '11434' ? 'ollama' : api.provider);
};
