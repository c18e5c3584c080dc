/** Rows of all tables on their way to disk together. */
import type { LogRecord } from '../../log-record.ts';
import type { MetricPoint } from '../../metric-point.ts';
import type { Span } from '../../span.ts';
import { addSpan } from './add-span.ts';
import type { Block } from './block.ts';
import { addLog } from './log-batch.ts';
import { createLogColumns } from './log-columns.ts';
import { addPoint } from './point-batch.ts';
import { createPointColumns } from './point-columns.ts';
import { createContentColumns, createSpanColumns } from './span-columns.ts';
import { TableBatch } from './table-batch.ts';
import { TextTable } from './text-table.ts';

/** What a row tells beside what its sender did. */
export type Stamp = {
  readonly receivedUnixSeconds: number;
  /** Days that spans of this project are kept; 0 = for ever. */
  readonly retentionDays: number;
  readonly contentRetentionDays: number;
};

export type Batch = ReturnType<typeof createBatch>;

/** @param table shared by the batches of a process, so that a text is known to all of them */
export function createBatch(table: TextTable = new TextTable()) {
  const spans = new TableBatch('spans', createSpanColumns(table));
  const content = new TableBatch('content', createContentColumns(table));
  const logs = new TableBatch('logs', createLogColumns(table));
  const points = new TableBatch('metric_points', createPointColumns(table));
  const tables = [content, spans, logs, points] as const;
  return {
    /** For whoever writes cells itself: numbers in it are what the columns of low cardinality take. */
    texts: table,
    spans,
    content,
    logs,
    points,
    addSpan: (span: Span, stamp: Stamp): void => addSpan(spans, content, span, stamp),
    addLog: (record: LogRecord, stamp: Stamp): void => addLog(logs, record, stamp),
    addPoint: (point: MetricPoint, stamp: Stamp): void => addPoint(points, point, stamp),
    isEmpty: (): boolean => tables.every(({ rows }) => rows === 0),
    /** Content first: whoever sees a span can read it. Views: valid until `reset`. */
    toBlocks: (): Block[] => tables.filter(({ rows }) => rows > 0).map((one) => one.toBlock()),
    reset: (): void => {
      for (const one of tables) one.reset();
    },
    /** Everything added after it can be taken back. */
    mark: (): number[] => {
      const marks: number[] = [];
      for (const one of tables) one.mark(marks);
      return marks;
    },
    rollback: (marks: readonly number[]): void => {
      let at = 0;
      for (const one of tables) at = one.rollback(marks, at);
    },
  };
}
