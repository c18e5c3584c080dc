import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';

type Program = { once(event: 'beforeExit', listener: () => void): unknown };
type Select<K extends keyof PushMetricExporter> = NonNullable<PushMetricExporter[K]>;

/** What `ExitExporter` is to spans: patient while the program runs, brief once it has nothing left to do. */
export class ExitMetricExporter implements PushMetricExporter {
  readonly selectAggregation?: Select<'selectAggregation'>;
  readonly selectAggregationTemporality?: Select<'selectAggregationTemporality'>;
  private readonly all: readonly PushMetricExporter[];
  private current: PushMetricExporter;

  constructor(patient: PushMetricExporter, brief: PushMetricExporter, program: Program = process) {
    this.all = [patient, brief];
    this.current = patient;
    const aggregation = patient.selectAggregation?.bind(patient);
    const temporality = patient.selectAggregationTemporality?.bind(patient);
    if (aggregation) this.selectAggregation = aggregation;
    if (temporality) this.selectAggregationTemporality = temporality;
    program.once('beforeExit', () => (this.current = brief));
  }

  export(...args: Parameters<PushMetricExporter['export']>): void {
    this.current.export(...args);
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.all.map((exporter) => exporter.forceFlush()));
  }

  async shutdown(): Promise<void> {
    await Promise.all(this.all.map((exporter) => exporter.shutdown()));
  }
}
