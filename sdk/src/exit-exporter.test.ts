import { EventEmitter } from 'node:events';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { ExitExporter } from './exit-exporter.ts';

test('spans go to the patient exporter until the program runs out of work, then to the brief one', async () => {
  const [patient, brief] = [new InMemorySpanExporter(), new InMemorySpanExporter()];
  const program = new EventEmitter();
  const exporter = new ExitExporter(patient, brief, program);
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer('test');

  tracer.startSpan('while running').end();
  program.emit('beforeExit');
  tracer.startSpan('at the end').end();

  expect(patient.getFinishedSpans().map((span) => span.name)).toEqual(['while running']);
  expect(brief.getFinishedSpans().map((span) => span.name)).toEqual(['at the end']);
  await provider.shutdown();
  expect([...patient.getFinishedSpans(), ...brief.getFinishedSpans()]).toEqual([]);
});
