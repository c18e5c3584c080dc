/** How columns are called in files that vendors give out. Names are held against each other in lower case, without spaces and lines. */
import type { InvoicePreset, ReconcileQuery } from '../../contract.ts';
import { ApiFailure } from '../../query/api-failure.ts';

export type Preset = Exclude<InvoicePreset, 'auto'>;

type Names = {
  readonly date: readonly string[];
  readonly model: readonly string[];
  readonly cost: readonly string[];
  readonly currency: readonly string[];
};

const presets: Readonly<Record<Preset, Names>> = {
  openai: {
    date: ['start_time_iso', 'start_time', 'date', 'usage_date'],
    model: ['line_item', 'model', 'snapshot_id'],
    cost: ['amount_value', 'amount', 'cost', 'cost_usd'],
    currency: ['amount_currency', 'currency'],
  },
  anthropic: {
    date: ['usage_date_utc', 'usage_date', 'date'],
    model: ['model', 'model_version'],
    cost: ['cost_usd', 'list_price_usd', 'cost', 'amount'],
    currency: ['currency'],
  },
  focus: {
    date: ['ChargePeriodStart'],
    model: ['x_Model', 'SkuMeter', 'ServiceName', 'SkuId'],
    cost: ['BilledCost', 'EffectiveCost'],
    currency: ['BillingCurrency'],
  },
  'aws-cur': {
    date: ['line_item_usage_start_date', 'lineItem/UsageStartDate'],
    model: ['product_model', 'product/model', 'line_item_usage_type', 'lineItem/UsageType'],
    cost: ['line_item_unblended_cost', 'lineItem/UnblendedCost'],
    currency: ['line_item_currency_code', 'lineItem/CurrencyCode'],
  },
  generic: {
    date: ['date', 'day', 'usage_date', 'datum'],
    model: ['model', 'sku', 'product', 'modell'],
    cost: ['cost', 'cost_usd', 'amount', 'total', 'kosten', 'betrag'],
    currency: ['currency', 'währung'],
  },
};

export type Columns = {
  readonly preset: Preset;
  readonly date: number;
  readonly model: number;
  readonly cost: number;
  /** -1 = there is none. */
  readonly currency: number;
};

type Asked = Pick<
  ReconcileQuery,
  'preset' | 'dateColumn' | 'modelColumn' | 'costColumn' | 'currencyColumn'
>;

/** Told by what nobody else calls so; `generic` last. */
const order: readonly Preset[] = ['focus', 'aws-cur', 'openai', 'anthropic', 'generic'];
const signs: Readonly<Record<Preset, readonly string[]>> = {
  focus: ['ChargePeriodStart'],
  'aws-cur': ['line_item_usage_start_date', 'lineItem/UsageStartDate'],
  openai: ['amount_value', 'line_item', 'start_time_iso'],
  anthropic: ['usage_date_utc', 'token_type', 'list_price_usd'],
  generic: [],
};

/** @throws ApiFailure that names the columns there are */
export function findColumns(head: readonly string[], asked: Asked): Columns {
  const known = head.map(toPlain);
  const has = (name: string): boolean => known.includes(toPlain(name));
  const preset =
    asked.preset === 'auto'
      ? (order.find((one) => signs[one].some(has)) ?? 'generic')
      : asked.preset;
  const names = presets[preset];
  const find = (own: string, candidates: readonly string[]): number => {
    const name = own === '' ? candidates.find(has) : own;
    return name === undefined ? -1 : known.indexOf(toPlain(name));
  };
  const columns = {
    preset,
    date: find(asked.dateColumn, names.date),
    model: find(asked.modelColumn, names.model),
    cost: find(asked.costColumn, names.cost),
    currency: find(asked.currencyColumn, names.currency),
  };
  for (const name of ['date', 'model', 'cost'] as const) {
    if (columns[name] >= 0) continue;
    throw new ApiFailure(
      'invalid_request',
      `The file has no column of ${words[name]} that is known by its name. Name it with ${name}Column; there are: ${toShown(head)}.`,
    );
  }
  if (asked.currencyColumn === '' || columns.currency >= 0) return columns;
  throw new ApiFailure('invalid_request', `currencyColumn: there are: ${toShown(head)}.`);
}

const words = { date: 'days', model: 'models', cost: 'amounts' } as const;

function toPlain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_/()-]+/g, '');
}

function toShown(head: readonly string[]): string {
  return head
    .map((name) => name.trim().slice(0, 60))
    .slice(0, 40)
    .join(', ');
}
