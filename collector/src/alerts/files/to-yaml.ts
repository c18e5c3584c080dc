/** A rule as a file holds it: what is not as it would be anyway. */
import { alertRule, type AlertRule } from '../../contract.ts';

const indent = '  ';

export function toYaml(rule: AlertRule): string {
  const { id, title, metric, condition } = rule;
  const usual = alertRule.parse({ id, title, metric, condition });
  const own = Object.entries(rule).filter(
    ([name, value]) =>
      ['id', 'title', 'metric', 'condition'].includes(name) ||
      JSON.stringify(value) !== JSON.stringify(usual[name as keyof AlertRule]),
  );
  const lines = own.flatMap(([name, value]) => toLines(name, value));
  const [first = '', ...rest] = lines;
  return ['apiVersion: alerts/v1', 'rules:', `${indent}- ${first}`]
    .concat(rest.map((line) => `${indent}${indent}${line}`))
    .join('\n')
    .concat('\n');
}

function toLines(name: string, value: unknown): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${toKey(name)}: []`];
    return [`${toKey(name)}:`, ...value.flatMap((one) => toItem(one))];
  }
  if (value === null || typeof value !== 'object') return [`${toKey(name)}: ${toScalar(value)}`];
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  if (entries.length === 0) return [`${toKey(name)}: {}`];
  const inner = entries.flatMap(([key, one]) => toLines(key, one));
  return [`${toKey(name)}:`, ...inner.map((line) => `${indent}${line}`)];
}

function toItem(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [`${indent}- ${toScalar(value)}`];
  const [first = '', ...rest] = Object.entries(value).flatMap(([key, one]) => toLines(key, one));
  return [`${indent}- ${first}`, ...rest.map((line) => `${indent}${indent}${line}`)];
}

function toKey(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) ? name : JSON.stringify(name);
}

/** Durations and plain words stand bare; what could be read as something else is JSON, which is YAML too. */
function toScalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9_./-]*$/.test(value);
  const isOther = /^(true|false|yes|no|on|off|null|y|n|[\d.eE_+-]+|0[xo].*|\d{4}-.*)$/i.test(value);
  return isPlain && !isOther ? value : JSON.stringify(value);
}
