import { TraceFlags, type Context } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import {
  BatchSpanProcessor,
  type BatchSpanProcessorOptions,
  type ReadableSpan,
  type Span,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { countDropped } from './dropped.ts';

type Options = BatchSpanProcessorOptions & { readonly maxQueueSize: number };

/**
 * OpenTelemetry's batch processor, which loses spans silently: when its queue is full, and when a batch could not be
 * sent after all retries. Both are counted here.
 */
export class CountedProcessor implements SpanProcessor {
  private readonly batches: BatchSpanProcessor;
  private readonly maxQueueSize: number;
  private waiting = 0;

  constructor(options: Options) {
    this.maxQueueSize = options.maxQueueSize;
    this.batches = new BatchSpanProcessor({ ...options, exporter: this.counted(options.exporter) });
  }

  onStart(span: Span, parent: Context): void {
    this.batches.onStart(span, parent);
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.queue();
    this.batches.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.batches.shutdown();
  }

  /** The batch processor takes a span when fewer than its limit wait, and else drops it. */
  private queue(): void {
    if (this.waiting < this.maxQueueSize) this.waiting += 1;
    else countDropped(1, 'the queue is full');
  }

  private counted(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, done) => {
        this.waiting -= spans.length;
        exporter.export(spans, (result) => {
          if (result.code !== ExportResultCode.SUCCESS)
            countDropped(spans.length, result.error?.message ?? 'the receiver did not take them');
          done(result);
        });
      },
      forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
      shutdown: () => exporter.shutdown(),
    };
  }
}
