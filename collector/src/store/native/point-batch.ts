/** The only place where a point of a metric becomes a row. */
import {
  metricTypes,
  temporalities,
  type Exemplar,
  type ExponentialFigures,
  type MetricPoint,
  type Quantile,
} from '../../metric-point.ts';
import { toAttributesJson } from '../attribute-text.ts';
import { clampTime } from '../clickhouse-time.ts';
import { setAttributes, toWhole } from './add-span.ts';
import type { Stamp } from './batch.ts';
import { setFinite } from './log-batch.ts';
import type { ArrayColumn } from './nested-columns.ts';
import type { Int64Column, NumberColumn } from './number-columns.ts';
import type { PointColumns } from './point-columns.ts';
import type { TableBatch } from './table-batch.ts';

export function addPoint(points: TableBatch<PointColumns>, point: MetricPoint, stamp: Stamp): void {
  const row = points.addRow();
  const { columns } = points;
  columns.project_id.set(row, point.projectId);
  columns.type.set(row, metricTypes.indexOf(point.type));
  columns.temporality.set(row, temporalities.indexOf(point.temporality));
  columns.is_monotonic.set(row, point.isMonotonic ? 1 : 0);
  columns.start_time.setBigInt(row, clampTime(point.startTimeUnixNano));
  columns.time.setBigInt(row, clampTime(point.timeUnixNano));
  columns.flags.set(row, toWhole(point.flags, 0, 65_535));
  for (const [column, field] of texts) {
    const text = point[field];
    if (text !== '') columns[column].set(row, text);
  }
  setMaps(columns, row, point);
  setFigures(columns, row, point);
  if (point.exponential !== null) setExponential(columns, row, point.exponential);
  setQuantiles(columns, row, point.quantiles);
  setExemplars(columns, row, point.exemplars);
  columns.retention_days.set(row, stamp.retentionDays);
  columns.received_at.set(row, stamp.receivedUnixSeconds);
}

const texts = [
  ['name', 'name'],
  ['description', 'description'],
  ['unit', 'unit'],
  ['service_name', 'serviceName'],
  ['scope_name', 'scopeName'],
  ['scope_version', 'scopeVersion'],
] as const;

function setMaps(columns: PointColumns, row: number, point: MetricPoint): void {
  setAttributes(columns.attributes, columns.attribute_types, row, point.attributes);
  setAttributes(
    columns.resource_attributes,
    columns.resource_attribute_types,
    row,
    point.resourceAttributes,
  );
  setAttributes(
    columns.scope_attributes,
    columns.scope_attribute_types,
    row,
    point.scopeAttributes,
  );
}

function setFigures(columns: PointColumns, row: number, point: MetricPoint): void {
  setFinite(columns.value, row, point.value);
  if (point.valueInt !== null) columns.value_int.setPresent(row).setBigInt(row, point.valueInt);
  if (point.count !== null) columns.count.setPresent(row).setBigInt(row, point.count);
  setFinite(columns.sum, row, point.sum);
  setFinite(columns.min, row, point.min);
  setFinite(columns.max, row, point.max);
  setCounts(columns.bucket_counts, row, point.bucketCounts);
  setDoubles(columns.explicit_bounds, row, point.explicitBounds);
}

function setExponential(columns: PointColumns, row: number, figures: ExponentialFigures): void {
  columns.scale.setPresent(row).set(row, figures.scale);
  columns.zero_count.setBigInt(row, figures.zeroCount);
  columns.zero_threshold.set(row, figures.zeroThreshold);
  columns.positive_offset.set(row, figures.positive.offset);
  setCounts(columns.positive_counts, row, figures.positive.counts);
  columns.negative_offset.set(row, figures.negative.offset);
  setCounts(columns.negative_counts, row, figures.negative.counts);
}

function setQuantiles(columns: PointColumns, row: number, quantiles: readonly Quantile[]): void {
  const { quantiles: levels, quantile_values: values } = columns;
  setDoubles(
    levels,
    row,
    quantiles.map(({ quantile }) => quantile),
  );
  setDoubles(
    values,
    row,
    quantiles.map(({ value }) => value),
  );
}

function setExemplars(columns: PointColumns, row: number, exemplars: readonly Exemplar[]): void {
  if (exemplars.length === 0) return;
  const times = columns.exemplar_times;
  for (const exemplar of exemplars) {
    times.items.setBigInt(times.items.rows, clampTime(exemplar.timeUnixNano));
    columns.exemplar_values.items.push(exemplar.value ?? Number.NaN);
    columns.exemplar_trace_ids.items.push(exemplar.traceId);
    columns.exemplar_span_ids.items.push(exemplar.spanId);
    columns.exemplar_attributes.items.push(toAttributesJson(exemplar.attributes));
  }
  times.end(row);
  columns.exemplar_values.end(row);
  columns.exemplar_trace_ids.end(row);
  columns.exemplar_span_ids.end(row);
  columns.exemplar_attributes.end(row);
}

function setCounts(column: ArrayColumn<Int64Column>, row: number, counts: readonly bigint[]): void {
  if (counts.length === 0) return;
  for (const count of counts) column.items.setBigInt(column.items.rows, count);
  column.end(row);
}

function setDoubles(
  column: ArrayColumn<NumberColumn>,
  row: number,
  values: readonly number[],
): void {
  if (values.length === 0) return;
  for (const value of values) column.items.push(value);
  column.end(row);
}
