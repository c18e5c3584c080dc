/** The columns of the table `metric_points`, by their names there. */
import { metricTypes, temporalities } from '../../metric-point.ts';
import { ArrayColumn, MapColumn } from './nested-columns.ts';
import { Int64Column, NullableColumn, NumberColumn } from './number-columns.ts';
import { enumOf } from './span-columns.ts';
import { LowCardinalityColumn, StringColumn } from './text-columns.ts';
import type { TextTable } from './text-table.ts';

export type PointColumns = ReturnType<typeof createPointColumns>;

export function createPointColumns(table: TextTable) {
  const word = () => new LowCardinalityColumn(table);
  const text = () => new StringColumn();
  const time = () => new Int64Column("DateTime64(9, 'UTC')");
  const double = () => new NumberColumn('Float64');
  const doubleOrNull = () => new NullableColumn(double());
  const counts = () => new ArrayColumn(new Int64Column('UInt64'));
  const doubles = () => new ArrayColumn(double());
  const words = () => new MapColumn(word(), word());
  return {
    project_id: word(),
    name: word(),
    description: word(),
    unit: word(),
    type: enumOf(metricTypes),
    temporality: enumOf(temporalities),
    is_monotonic: new NumberColumn('UInt8'),
    start_time: time(),
    time: time(),
    flags: new NumberColumn('UInt16'),
    attributes: new MapColumn(word(), text()),
    attribute_types: words(),
    resource_attributes: words(),
    resource_attribute_types: words(),
    scope_attributes: words(),
    scope_attribute_types: words(),
    service_name: word(),
    scope_name: word(),
    scope_version: word(),
    value: doubleOrNull(),
    value_int: new NullableColumn(new Int64Column('Int64')),
    count: new NullableColumn(new Int64Column('UInt64')),
    sum: doubleOrNull(),
    min: doubleOrNull(),
    max: doubleOrNull(),
    bucket_counts: counts(),
    explicit_bounds: doubles(),
    scale: new NullableColumn(new NumberColumn('Int32')),
    zero_count: new Int64Column('UInt64'),
    zero_threshold: double(),
    positive_offset: new NumberColumn('Int32'),
    positive_counts: counts(),
    negative_offset: new NumberColumn('Int32'),
    negative_counts: counts(),
    quantiles: doubles(),
    quantile_values: doubles(),
    exemplar_times: new ArrayColumn(time()),
    exemplar_values: doubles(),
    exemplar_trace_ids: new ArrayColumn(text()),
    exemplar_span_ids: new ArrayColumn(text()),
    exemplar_attributes: new ArrayColumn(text()),
    retention_days: new NumberColumn('UInt16'),
    received_at: new NumberColumn('DateTime', "DateTime('UTC')"),
  };
}
