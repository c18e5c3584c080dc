// LangSmith's OpenTelemetry exporter: an agent with a model, a tool and a retriever, and a step that fails.
import './env.mjs';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { Client } from 'langsmith';
import { initializeOTEL } from 'langsmith/experimental/otel/setup';
import { traceable } from 'langsmith/traceable';

const contextManager = new AsyncLocalStorageContextManager().enable();
context.setGlobalContextManager(contextManager);
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'langsmith-recording' }),
  spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())],
});
trace.setGlobalTracerProvider(provider);
initializeOTEL({ globalTracerProvider: provider, globalContextManager: contextManager });
const client = new Client({ apiKey: 'none', apiUrl: 'http://127.0.0.1:1', tracingMode: 'otel' });
const traced = (name, run_type, run, options = {}) =>
  traceable(run, { name, run_type, client, tracingEnabled: true, ...options });

const usage_metadata = {
  input_tokens: 320,
  output_tokens: 40,
  total_tokens: 360,
  input_token_details: { cache_read: 256 },
  output_token_details: { reasoning: 12 },
};
const call = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Lisbon"}' } };
const says = (message, finish_reason) => ({
  id: 'chatcmpl-1',
  model: 'gpt-5-mini-2025-08-07',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
  usage_metadata,
});
const answers = [
  says({ content: null, tool_calls: [call] }, 'tool_calls'),
  says({ content: '21 degrees in Lisbon.' }, 'stop'),
];

const askModel = traced('ChatOpenAI', 'llm', async () => answers.shift(), {
  metadata: { ls_provider: 'azure', ls_model_name: 'gpt-5-mini', ls_model_type: 'chat' },
});
const findStation = traced('find-station', 'retriever', async () => [
  { page_content: 'Station Lisboa', metadata: { id: 'lis-1' } },
]);
const getWeather = traced('get_weather', 'tool', async ({ city }) => ({ city, celsius: 21 }));
const tidy = traced('tidy', 'chain', async () => {
  throw new RangeError('nothing to tidy');
});
const forecaster = traced(
  'forecaster',
  'chain',
  async (question) => {
    await findStation(question);
    const messages = [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: question },
    ];
    const first = await askModel({ model: 'gpt-5-mini', messages });
    const result = await getWeather({ city: 'Lisbon' });
    const said = { role: 'tool', tool_call_id: 'call_1', content: JSON.stringify(result) };
    const all = [...messages, first.choices[0].message, said];
    return askModel({ model: 'gpt-5-mini', messages: all });
  },
  { metadata: { lc_agent_name: 'forecaster' } },
);
const weather = traced(
  'weather',
  'chain',
  async (question) => {
    await forecaster(question);
    await tidy().catch(() => 'the failed step is part of the recording');
    return '21 degrees in Lisbon.';
  },
  { metadata: { thread_id: 'thread-7', user_id: 'ada' }, tags: ['demo', 'weather'] },
);
await weather('How warm is it in Lisbon?');
await client.awaitPendingTraceBatches();
await provider.forceFlush();
await provider.shutdown();
