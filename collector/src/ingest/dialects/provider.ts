import type { AttributeValue } from '../../span.ts';
import { readText } from './readers.ts';

/** Old and foreign names -> the names of OpenTelemetry's list. */
const names: ReadonlyMap<string, string> = new Map([
  ['az.ai.openai', 'azure.ai.openai'],
  ['azure_openai', 'azure.ai.openai'],
  ['azure-openai', 'azure.ai.openai'],
  ['az.ai.inference', 'azure.ai.inference'],
  ['azure', 'azure.ai.inference'],
  ['vertex_ai', 'gcp.vertex_ai'],
  ['vertexai', 'gcp.vertex_ai'],
  ['google_vertexai', 'gcp.vertex_ai'],
  ['gemini', 'gcp.gemini'],
  ['google_genai', 'gcp.gemini'],
  ['google', 'gcp.gemini'],
  ['xai', 'x_ai'],
  ['bedrock', 'aws.bedrock'],
  ['aws', 'aws.bedrock'],
  ['amazon_bedrock', 'aws.bedrock'],
  ['mistral', 'mistral_ai'],
  ['mistralai', 'mistral_ai'],
  ['watsonx', 'ibm.watsonx.ai'],
  ['moonshot', 'moonshot_ai'],
]);

/** `openai.responses`, `google.vertex.chat`: a provider and what of it was called. The first match decides. */
const prefixes: readonly (readonly [prefix: string, name: string])[] = [
  ['azure-openai.', 'azure.ai.openai'],
  ['azure.openai.', 'azure.ai.openai'],
  ['openai.', 'openai'],
  ['anthropic.', 'anthropic'],
  ['google.vertex', 'gcp.vertex_ai'],
  ['google-vertex', 'gcp.vertex_ai'],
  ['vertex.', 'gcp.vertex_ai'],
  ['google.generative-ai', 'gcp.gemini'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['mistral.', 'mistral_ai'],
  ['xai.', 'x_ai'],
  ['groq.', 'groq'],
  ['cohere.', 'cohere'],
  ['deepseek.', 'deepseek'],
  ['perplexity.', 'perplexity'],
];

/** Some senders put the framework where the provider belongs. It stays in the attributes. */
const frameworks: ReadonlySet<string> = new Set([
  'langchain',
  'langgraph',
  'autogen',
  'crewai',
  'microsoft.agent_framework',
  'gcp.vertex.agent',
  'strands-agents',
]);

export function readProvider(value: AttributeValue): string | null {
  const name = readText(value)?.trim().toLowerCase() ?? '';
  if (name === '' || frameworks.has(name)) return null;
  const known = names.get(name);
  if (known !== undefined) return known;
  return prefixes.find(([prefix]) => name.startsWith(prefix))?.[1] ?? name;
}
