// The same agent with the newest conventions: messages in one event a span.
process.env.OTEL_SEMCONV_STABILITY_OPT_IN = 'gen_ai_latest_experimental';
await import('./main.mjs');
