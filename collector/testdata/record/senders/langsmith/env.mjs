// Read by LangSmith while it is imported.
process.env.LANGSMITH_TRACING_MODE = 'otel';
process.env.LANGSMITH_TRACING = 'true';
