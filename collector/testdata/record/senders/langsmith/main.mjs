// LangSmith's OpenTelemetry exporter: a LangChain chain with a model, a tool and a retriever, and a traced function that fails.
import './env.mjs';
import { Document } from '@langchain/core/documents';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { BaseRetriever } from '@langchain/core/retrievers';
import { RunnableLambda } from '@langchain/core/runnables';
import { tool } from '@langchain/core/tools';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { initializeOTEL } from 'langsmith/experimental/otel/setup';
import { traceable } from 'langsmith/traceable';
import { Client } from 'langsmith';
import { LangChainTracer } from '@langchain/core/tracers/tracer_langchain';
import { resourceFromAttributes } from '@opentelemetry/resources';

const contextManager = new AsyncLocalStorageContextManager().enable();
context.setGlobalContextManager(contextManager);
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'langsmith-recording' }),
  spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())],
});
initializeOTEL({ globalTracerProvider: provider, globalContextManager: contextManager });

class FakeChat extends BaseChatModel {
  _llmType() {
    return 'fake';
  }
  getLsParams() {
    return { ls_provider: 'openai', ls_model_name: 'gpt-5-mini', ls_model_type: 'chat' };
  }
  invocationParams() {
    return { model: 'gpt-5-mini', temperature: 0.5 };
  }
  async _generate(messages) {
    const isAnswered = messages.some((message) => message.getType() === 'tool');
    const usage_metadata = {
      input_tokens: 320,
      output_tokens: 40,
      total_tokens: 360,
      input_token_details: { cache_read: 256 },
      output_token_details: { reasoning: 12 },
    };
    const message = isAnswered
      ? new AIMessage({ content: '21 degrees in Lisbon.', usage_metadata })
      : new AIMessage({
          content: '',
          usage_metadata,
          tool_calls: [{ id: 'call_1', name: 'get_weather', args: { city: 'Lisbon' } }],
        });
    return { generations: [{ text: String(message.content), message }] };
  }
}

class Stations extends BaseRetriever {
  lc_namespace = ['recording'];
  async _getRelevantDocuments() {
    return [new Document({ pageContent: 'Station Lisboa', metadata: { id: 'lis-1' } })];
  }
}

const getWeather = tool(async ({ city }) => JSON.stringify({ city, celsius: 21 }), {
  name: 'get_weather',
  description: 'Weather of a city',
  schema: { type: 'object', properties: { city: { type: 'string' } } },
});

const model = new FakeChat({});
const forecaster = RunnableLambda.from(async ({ question }, config) => {
  await new Stations().invoke(question, config);
  const messages = [new HumanMessage(question)];
  const call = await model.invoke(messages, config);
  const result = await getWeather.invoke(call.tool_calls[0], config);
  return model.invoke([...messages, call, result], config);
}).withConfig({ runName: 'forecaster', metadata: { lc_agent_name: 'forecaster' } });

const client = new Client({ apiKey: 'none', apiUrl: 'http://127.0.0.1:1', tracingMode: 'otel' });
const root = traceable(
  async (question) => {
    await forecaster.invoke({ question }, { callbacks: [new LangChainTracer({ client })] });
    const tidy = traceable(
      async () => {
        throw new RangeError('nothing to tidy');
      },
      { name: 'tidy', client, tracingEnabled: true },
    );
    await tidy().catch(() => 'the failed step is part of the recording');
    return '21 degrees in Lisbon.';
  },
  {
    name: 'weather',
    client,
    tracingEnabled: true,
    metadata: { thread_id: 'thread-7', user_id: 'ada' },
    tags: ['demo', 'weather'],
  },
);
await root('How warm is it in Lisbon?');
await client.awaitPendingTraceBatches();
await provider.forceFlush();
await provider.shutdown();
