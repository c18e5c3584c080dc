/** Recording -> the program that sends it, from the root of the repository, and the options that program reads. */
export type Sender = {
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The body is kept as it was sent, and not as JSON. */
  readonly keepsBody?: true;
};

const examples = (name: string): Sender => ({ program: `examples/frameworks/${name}/main.ts` });
const here = (name: string): Sender => ({ program: `collector/testdata/record/${name}` });
const sender = (name: string, env: Sender['env'] = {}): Sender => ({ ...here(`senders/${name}`), env });

const latest = { OTEL_SEMCONV_STABILITY_OPT_IN: 'gen_ai_latest_experimental' };
const content = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' };
const contentEverywhere = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_AND_EVENT' };
const contentOnSpans = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_ONLY' };

export const senders: Readonly<Record<string, Sender>> = {
  'gen-ai/plain-otel': examples('plain-otel'),
  'ai-sdk/agent-with-tools': examples('ai-sdk'),
  'ai-sdk/embed-and-object': here('ai-sdk.ts'),
  'ai-sdk-legacy/agent-with-tools': here('ai-sdk-legacy.ts'),
  'openinference/langgraph': examples('langgraph'),
  'orchescope/support-run': here('orchescope.ts'),
  'openllmetry/weather': sender('openllmetry/main.mjs'),
  'langfuse/weather': sender('langfuse/main.mjs'),
  'langsmith/weather': sender('langsmith/main.mjs'),
  'mastra/agent-and-workflow': sender('mastra/main.mjs'),
  'strands/weather': sender('strands/main.mjs'),
  'strands/weather-latest': sender('strands/latest.mjs'),
  'google-adk/transfer': sender('google-adk/main.mjs'),
  'gen-ai-old/python-openai': sender('python-openai/main.py', content),
  'gen-ai/python-openai': sender('python-openai/main.py', { ...latest, ...contentOnSpans }),
  'openllmetry/python': sender('openllmetry-python/main.py'),
  'openllmetry/python-old': sender('openllmetry-python-old/main.py'),
  'openai-agents/weather': here('openai-agents.ts'),
  'pydantic-ai/version-5': sender('pydantic-ai/main.py', { CONVENTIONS: '5' }),
  'pydantic-ai/version-2': sender('pydantic-ai/main.py', { CONVENTIONS: '2' }),
  'pydantic-ai/version-1': sender('pydantic-ai-1/main.py', { CONVENTIONS: '1 attributes' }),
  'pydantic-ai/version-1-logs': sender('pydantic-ai-1/main.py', { CONVENTIONS: '1 logs' }),
  'logfire/pydantic-ai': sender('logfire/main.py'),
  'crewai/crew': sender('crewai/main.py', { CREWAI_DISABLE_TELEMETRY: 'true', CREWAI_TRACING_ENABLED: 'false' }),
  'autogen/team': sender('autogen/main.py'),
  'semantic-kernel/agent': sender('semantic-kernel/main.py', {
    SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS_SENSITIVE: 'true',
  }),
  'agent-framework/workflow': sender('agent-framework/main.py'),
  'openinference/python-langchain': sender('openinference-langchain/main.py'),
  'openinference/python-anthropic': sender('python-anthropic/main.py', { INSTRUMENTATION: 'openinference' }),
  'openllmetry/python-anthropic': sender('python-anthropic/main.py', { INSTRUMENTATION: 'opentelemetry' }),
  'weave/conversation': sender('weave/main.py'),
  'strands/python': sender('strands-python/main.py'),
  'strands/python-latest': sender('strands-python/main.py', latest),
  'google-adk/python-transfer': sender('google-adk-python/main.py', contentEverywhere),
  'google-adk/python-legacy': sender('google-adk-python/main.py', { ADK_TELEMETRY_SCHEMA_VERSION_OPT_IN: '1' }),
  'anthropic/python-sdk': sender('python-anthropic/main.py'),
  'as-sent/python-gzip': { ...sender('python-openai/main.py', { ...latest, ...contentOnSpans }), keepsBody: true },
  'as-sent/python-crewai': {
    ...sender('crewai/main.py', { CREWAI_DISABLE_TELEMETRY: 'true', CREWAI_TRACING_ENABLED: 'false' }),
    keepsBody: true,
  },
  'as-sent/javascript': {
    ...examples('plain-otel'),
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_COMPRESSION: 'none' },
    keepsBody: true,
  },
};
