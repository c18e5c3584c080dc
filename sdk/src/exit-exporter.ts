import type { SpanExporter } from '@opentelemetry/sdk-trace';

type Program = { once(event: 'beforeExit', listener: () => void): unknown };

/**
 * Patient while the program runs, brief once it has nothing left to do: the retries for a collector that is down
 * would hold a finished program for ten seconds more.
 */
export class ExitExporter implements SpanExporter {
  private readonly all: readonly SpanExporter[];
  private current: SpanExporter;

  constructor(patient: SpanExporter, brief: SpanExporter, program: Program = process) {
    this.all = [patient, brief];
    this.current = patient;
    program.once('beforeExit', () => (this.current = brief));
  }

  export(...args: Parameters<SpanExporter['export']>): void {
    this.current.export(...args);
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.all.map((exporter) => exporter.forceFlush?.()));
  }

  async shutdown(): Promise<void> {
    await Promise.all(this.all.map((exporter) => exporter.shutdown()));
  }
}
