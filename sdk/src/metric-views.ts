import { AggregationType, InstrumentType, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { scopeName } from './version.ts';

/**
 * Our histograms as exponential ones: they keep a p95 within a few per cent from microseconds to hours, where fixed
 * buckets would need to know in advance how long an agent takes.
 */
export const metricViews: ViewOptions[] = [
  {
    meterName: scopeName,
    instrumentType: InstrumentType.HISTOGRAM,
    aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 160 } },
  },
];
