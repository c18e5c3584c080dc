import { SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A trip planner that is traced by hand, with OpenTelemetry alone: NodeSDK as it comes (OTLP protobuf to port 4318)
 * and the names of the GenAI conventions.
 */
const sdk = new NodeSDK({ serviceName: 'plain-otel-example' });
sdk.start();
const tracer = trace.getTracer('trip-planner', '1.0.0');

await traced('invoke_workflow plan-trip', SpanKind.INTERNAL, workflow('plan-trip'), async () => {
  await traced('invoke_agent planner', SpanKind.INTERNAL, agent('planner'), async () => {
    await chat('Find me a flight to Lisbon on Friday.', 'I will look for flights.', [812, 64]);
    await searchFlights(1).catch(() => searchFlights(2));
    await chat('3 flights found', 'The 09:40 arrives in time and costs 129 EUR.', [1430, 118]);
  });
  await Promise.all([bookHotel(), writeSummary()]);
});
await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log('plain-otel: one trip planned and traced');

async function bookHotel(): Promise<void> {
  await traced('invoke_agent hotel', SpanKind.INTERNAL, agent('hotel'), async () => {
    await chat('A quiet room near Rossio, two nights.', 'Booked: Casa do Largo.', [655, 41]);
    await traced('execute_tool book_room', SpanKind.INTERNAL, tool('book_room'), () => sleep(25));
  });
}

async function writeSummary(): Promise<void> {
  await traced('invoke_agent writer', SpanKind.INTERNAL, agent('writer'), async () => {
    await chat(
      'Write the plan.',
      'Friday 09:40 to Lisbon, two nights at Casa do Largo.',
      [2104, 256],
    );
  });
}

async function searchFlights(attempt: number): Promise<void> {
  await traced(
    'execute_tool search_flights',
    SpanKind.INTERNAL,
    tool('search_flights'),
    async () => {
      await sleep(30);
      if (attempt === 1) throw new RangeError('the flight index is rebuilding, try again');
    },
  );
}

async function chat(question: string, answer: string, tokens: [number, number]): Promise<void> {
  const request = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.input.messages': toMessages('user', question),
  };
  await traced('chat gpt-5-mini', SpanKind.CLIENT, request, async (span) => {
    await sleep(40);
    span.setAttributes({
      'gen_ai.response.model': 'gpt-5-mini',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': tokens[0],
      'gen_ai.usage.output_tokens': tokens[1],
      'gen_ai.output.messages': toMessages('assistant', answer),
    });
  });
}

function workflow(name: string): Attributes {
  return { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': name };
}

function agent(name: string): Attributes {
  return { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name };
}

function tool(name: string): Attributes {
  return { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name };
}

function toMessages(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

async function traced(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  body: (span: Span) => Promise<void>,
): Promise<void> {
  await tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      await body(span);
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setAttribute('error.type', error instanceof Error ? error.name : '_OTHER');
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}
