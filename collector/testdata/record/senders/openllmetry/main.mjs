// OpenLLMetry for JavaScript: a workflow with an agent, two OpenAI calls and a tool between them.
import * as traceloop from '@traceloop/node-server-sdk';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import OpenAI from 'openai';
import { startFakeOpenAi } from '../fake-openai.mjs';

const fake = await startFakeOpenAi();
traceloop.initialize({
  appName: 'openllmetry-recording',
  apiKey: 'none',
  disableBatch: true,
  traceloopSyncEnabled: false,
  silenceInitializationMessage: true,
  exporter: new OTLPTraceExporter(),
  instrumentModules: { openAI: OpenAI },
});
const openai = new OpenAI({ apiKey: 'none', baseURL: fake.baseURL });

const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    },
  },
];

const association = { associationProperties: { session_id: 'session-7', user_id: 'ada' } };
await traceloop.withWorkflow({ name: 'weather', ...association }, () =>
  traceloop.withAgent({ name: 'forecaster' }, async (question) => {
    const messages = [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: question },
    ];
    const first = await openai.chat.completions.create({ model: 'gpt-5-mini', messages, tools });
    const call = first.choices[0].message;
    const result = await traceloop.withTool(
      { name: 'get_weather' },
      async ({ city }) => ({ city, celsius: 21 }),
      JSON.parse(call.tool_calls[0].function.arguments),
    );
    const answer = { role: 'tool', tool_call_id: 'call_1', content: JSON.stringify(result) };
    const second = { model: 'gpt-5-mini', messages: [...messages, call, answer], tools };
    const { choices } = await openai.chat.completions.create(second);
    return traceloop.withTask({ name: 'tidy' }, async (text) => text.trim(), choices[0].message.content);
  }, 'How warm is it in Lisbon?'),
);
await traceloop.forceFlush();
fake.close();
process.exit(0);
