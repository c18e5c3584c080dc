/** A budget while it is written: as text, as people type it. Pure. */
import type { Budget } from 'orchescope/contract';

export type BudgetDraft = {
  title: string;
  filter: string;
  amountUsd: string;
  period: Budget['period'];
  timeZone: string;
  /** Percents, with commas between them. */
  alertAt: string;
  alertOnForecast: boolean;
  channels: string[];
  owner: string;
  enabled: boolean;
};

export type BudgetField = keyof BudgetDraft;

export function toDraft(budget: Budget | null, timeZone: string): BudgetDraft {
  if (budget === null) {
    return {
      title: '',
      filter: '',
      amountUsd: '',
      period: 'month',
      timeZone,
      alertAt: '50, 80, 100',
      alertOnForecast: true,
      channels: [],
      owner: '',
      enabled: true,
    };
  }
  const { id: _, alertAt, channels, ...same } = budget;
  return {
    ...same,
    channels: [...channels],
    alertAt: alertAt.map((share) => Number((share * 100).toPrecision(12))).join(', '),
  };
}

export type Problem = { readonly field: BudgetField | null; readonly message: string };

/** @param id of the one that is changed; null = one of its title is found */
export function toBudget(
  draft: BudgetDraft,
  id: string | null,
  taken: readonly string[],
): Budget | Problem {
  const title = draft.title.trim();
  if (title === '') return { field: 'title', message: 'Give it a title.' };
  const shares = draft.alertAt.split(',').filter((part) => part.trim() !== '');
  const alertAt = shares.map((part) =>
    Number((Number(part.replace('%', '')) / 100).toPrecision(12)),
  );
  if (alertAt.some((share) => !(share > 0 && share <= 10))) {
    const message =
      'Write percents from above 0 to 1000, with commas between them, e.g. 50, 80, 100.';
    return { field: 'alertAt', message };
  }
  return {
    ...draft,
    title,
    id: id ?? toId(title, taken),
    filter: draft.filter.trim(),
    // People write 1,000.50 and $5.
    amountUsd: draft.amountUsd.trim().replace(/^\$/, '').replaceAll(',', ''),
    timeZone: draft.timeZone.trim(),
    owner: draft.owner.trim(),
    alertAt: [...new Set(alertAt)].sort((a, b) => a - b),
  };
}

export function isProblem(one: Budget | Problem): one is Problem {
  return 'message' in one;
}

/** Of the letters and digits of a title, and free. */
export function toId(title: string, taken: readonly string[]): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 56)
    .replace(/-+$/, '');
  const base = plain === '' ? 'budget' : plain;
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}-${count}`;
    if (!taken.includes(id)) return id;
  }
}

const fields: readonly BudgetField[] = [
  'title',
  'filter',
  'amountUsd',
  'period',
  'timeZone',
  'alertAt',
  'alertOnForecast',
  'channels',
  'owner',
  'enabled',
];

/** Which field a sentence of the server is about: it begins with its path, but for filters, which have a code. */
export function toProblem(code: string, message: string): Problem {
  if (code === 'invalid_filter') return { field: 'filter', message };
  const path = /^budget\.([a-zA-Z]+)[^:]*: (.*)$/s.exec(message);
  const field = fields.find((name) => name === path?.[1]);
  return field === undefined ? { field: null, message } : { field, message: path?.[2] ?? message };
}
