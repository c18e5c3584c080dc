type Holder = { readonly AI_SDK_TELEMETRY_INTEGRATIONS?: readonly unknown[] };

/**
 * Whether the Vercel AI SDK, which says who it is in every request, traces this one itself. Its span is active while
 * a language model is called, but not while texts are embedded: there only the header tells.
 */
export const isTracedByAiSdk = (headers: Headers): boolean =>
  /(?:^| )ai\/\d/.test(headers.get('user-agent') ?? '') &&
  ((globalThis as Holder).AI_SDK_TELEMETRY_INTEGRATIONS ?? []).some(makesSpans);

const makesSpans = (integration: unknown): boolean =>
  typeof integration === 'object' &&
  integration !== null &&
  integration.constructor.name.endsWith('OpenTelemetry');
