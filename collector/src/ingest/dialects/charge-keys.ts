/**
 * How senders say what a call is charged for beyond tokens of text: its service tier, tokens of other kinds, uses of
 * the provider's own tools. A new alias is a row. Among the rows of one charge the first that says something wins, so
 * what a provider answered stands before what was asked of it.
 */

export type ChargeName =
  | 'serviceTier'
  /** Of the cost that the sender reported. */
  | 'currency'
  | 'cacheWrite1h'
  | 'inputAudio'
  | 'cacheReadAudio'
  | 'outputAudio'
  | 'inputImage'
  | 'cacheReadImage'
  | 'outputImage'
  /** Uses of a tool of the provider. */
  | `tool ${string}`;

/** The path leads into an attribute that is a map, or JSON as text. A list at its end counts as its length. */
export type ChargeRow = readonly [charge: ChargeName, key: string, path?: readonly string[]];

/** `<prefix><name of the tool>` = its uses: our own way, since OpenTelemetry has none. It wins over the rows. */
export const toolUsesPrefix = 'orchescope.usage.tools.';

const details = (charge: ChargeName, ...names: readonly string[]): readonly ChargeRow[] =>
  names.map((name) => [charge, `gen_ai.usage.details.${name}`]);

const langfuse = (charge: ChargeName, ...members: readonly string[]): readonly ChargeRow[] =>
  members.map((member) => [charge, 'langfuse.observation.usage_details', [member]]);

/** What a provider said, as the AI SDK passes it on. */
const metadata = (charge: ChargeName, ...path: readonly string[]): ChargeRow => [
  charge,
  'ai.response.providerMetadata',
  path,
];

export const chargeRows: readonly ChargeRow[] = [
  ['serviceTier', 'orchescope.usage.service_tier'],
  ['serviceTier', 'openai.response.service_tier'],
  ['serviceTier', 'gen_ai.openai.response.service_tier'],
  ['serviceTier', 'gen_ai.response.service_tier'],
  metadata('serviceTier', 'anthropic', 'usage', 'speed'),
  metadata('serviceTier', 'anthropic', 'usage', 'service_tier'),
  metadata('serviceTier', 'openai', 'serviceTier'),
  metadata('serviceTier', 'azure', 'serviceTier'),
  metadata('serviceTier', 'google', 'serviceTier'),
  ['serviceTier', 'openai.request.service_tier'],
  ['serviceTier', 'gen_ai.openai.request.service_tier'],
  ['serviceTier', 'gen_ai.request.service_tier'],
  ['serviceTier', 'llm.invocation_parameters', ['service_tier']],
  ['serviceTier', 'langfuse.observation.model.parameters', ['service_tier']],

  ['currency', 'orchescope.cost.currency'],
  ['currency', 'gen_ai.usage.cost.currency'],
  ['currency', 'llm.cost.currency'],
  ['currency', 'operation.cost.currency'],
  ['currency', 'langfuse.observation.cost_details', ['currency']],
  ['currency', 'langsmith.usage_metadata', ['currency']],

  // OpenTelemetry has no name for it.
  ['cacheWrite1h', 'gen_ai.usage.cache_creation.ephemeral_1h_input_tokens'],
  ['cacheWrite1h', 'gen_ai.usage.cache_creation.1h_input_tokens'],
  ...details('cacheWrite1h', 'ephemeral_1h_input_tokens'),
  metadata('cacheWrite1h', 'anthropic', 'usage', 'cache_creation', 'ephemeral_1h_input_tokens'),
  ['cacheWrite1h', 'gen_ai.usage.input_token_details', ['ephemeral_1h_input_tokens']],

  ['inputAudio', 'gen_ai.usage.audio.input_tokens'],
  ['inputAudio', 'llm.token_count.prompt_details.audio'],
  ['inputAudio', 'gen_ai.usage.audio_input_tokens'],
  ...details('inputAudio', 'input_audio_tokens', 'audio_prompt_tokens'),
  ['inputAudio', 'gen_ai.usage.input_token_details', ['audio']],
  ...langfuse('inputAudio', 'input_audio_tokens', 'input_audio'),
  ['cacheReadAudio', 'gen_ai.usage.audio.cache_read.input_tokens'],
  ...details('cacheReadAudio', 'cache_audio_read_tokens', 'audio_cache_tokens'),
  ['outputAudio', 'gen_ai.usage.audio.output_tokens'],
  ['outputAudio', 'llm.token_count.completion_details.audio'],
  ['outputAudio', 'gen_ai.usage.audio_output_tokens'],
  ...details('outputAudio', 'output_audio_tokens', 'audio_candidates_tokens'),
  ['outputAudio', 'gen_ai.usage.output_token_details', ['audio']],
  ...langfuse('outputAudio', 'output_audio_tokens', 'output_audio'),

  ['inputImage', 'gen_ai.usage.image.input_tokens'],
  ...details('inputImage', 'image_prompt_tokens'),
  ...langfuse('inputImage', 'input_image_tokens', 'input_image'),
  ['cacheReadImage', 'gen_ai.usage.image.cache_read.input_tokens'],
  ...details('cacheReadImage', 'image_cache_tokens'),
  ['outputImage', 'gen_ai.usage.image.output_tokens'],
  ...details('outputImage', 'image_candidates_tokens'),
  ...langfuse('outputImage', 'output_image_tokens', 'output_image'),

  ['tool web_search', 'gen_ai.usage.server_tool_use.web_search_requests'],
  ...details('tool web_search', 'web_search_requests'),
  metadata('tool web_search', 'anthropic', 'usage', 'server_tool_use', 'web_search_requests'),
  metadata('tool web_search', 'google', 'groundingMetadata', 'webSearchQueries'),
];
