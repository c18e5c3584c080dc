/** ExportMetricsServiceRequest in JSON. Unknown fields are ignored at every level; snake_case names are unknown. */
import type { MetricType } from '../../metric-point.ts';
import { NumberBudget, type DecodedMetric } from './decoded-metrics.ts';
import type { DecodedEnvelope } from './envelope.ts';
import { decodeJsonEnvelope, readEach } from './envelope-json.ts';
import {
  readEnum,
  readList,
  readObject,
  readString,
  WrongFieldError,
  type JsonObject,
} from './json-fields.ts';
import { readPoint } from './points-json.ts';
import type { Losses } from './request.ts';

const names = {
  resources: 'resourceMetrics',
  scopes: 'scopeMetrics',
  records: 'metrics',
  record: 'a metric',
} as const;

/** @throws MalformedBodyError, TooManyMessagesError */
export function decodeJsonMetrics(body: Buffer): DecodedEnvelope<DecodedMetric> {
  const budget = new NumberBudget();
  return decodeJsonEnvelope(body, names, (source, losses) => readMetric(source, losses, budget));
}

const kinds: readonly (readonly [field: string, type: MetricType])[] = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential_histogram'],
  ['summary', 'summary'],
];

const temporalityNames = [
  'AGGREGATION_TEMPORALITY_UNSPECIFIED',
  'AGGREGATION_TEMPORALITY_DELTA',
  'AGGREGATION_TEMPORALITY_CUMULATIVE',
];

const noMetric: DecodedMetric = {
  name: '',
  description: '',
  unit: '',
  type: null,
  temporality: 0,
  isMonotonic: false,
  points: [],
  unreadable: [],
};

function readMetric(source: JsonObject, losses: Losses, budget: NumberBudget): DecodedMetric {
  const [field, type] = kinds.find(([name]) => isSet(source[name])) ?? ['', null];
  const data = readObject(source[field], field);
  const items = readList(data['dataPoints'], 'dataPoints');
  try {
    return { ...readHead(source, data), ...readPoints(items, type, losses, budget), type };
  } catch (error) {
    if (!(error instanceof WrongFieldError)) throw error;
    // Without a head none of its points means anything.
    return { ...noMetric, unreadable: items.map(() => error.message) };
  }
}

function readHead(source: JsonObject, data: JsonObject) {
  return {
    name: readString(source['name'], 'a metric name'),
    description: readString(source['description'], 'description'),
    unit: readString(source['unit'], 'unit'),
    temporality: readEnum(
      data['aggregationTemporality'],
      temporalityNames,
      'aggregationTemporality',
    ),
    isMonotonic: data['isMonotonic'] === true,
  };
}

function readPoints(
  items: readonly unknown[],
  type: MetricType | null,
  losses: Losses,
  budget: NumberBudget,
): Pick<DecodedMetric, 'points' | 'unreadable'> {
  const unreadable: string[] = [];
  if (type === null) return { points: [], unreadable };
  const points = readEach(
    items,
    (item) => readPoint(readObject(item, 'a data point'), type, losses, budget),
    unreadable,
  );
  return { points, unreadable };
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined;
}
