/** Prometheus' text format, read strictly: whatever its documentation does not allow is an error. */
export type ParsedFamily = {
  readonly type: string;
  readonly help: string;
  readonly samples: ReadonlyMap<string, number>;
};

const namePattern = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const samplePattern = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^]*)\})? (\S+)$/;
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
const numberPattern = /^([+-]Inf|NaN|[+-]?\d+(\.\d+)?([eE][+-]?\d+)?)$/;

/** Families by name; samples by their text up to the value, labels sorted. */
export function parsePrometheus(text: string): ReadonlyMap<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, { type: string; help: string; samples: Map<string, number> }>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ([^]*)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      if (!namePattern.test(name)) throw new Error(`not a name: ${line}`);
      if (families.has(name)) throw new Error(`told twice: ${line}`);
      if (/\\(?![\\n])/.test(rest)) throw new Error(`a wrong escape: ${line}`);
      families.set(name, { type: '', help: rest, samples: new Map() });
      current = name;
    } else if (keyword === 'TYPE') {
      const family = families.get(name);
      if (family === undefined || name !== current) throw new Error(`without HELP: ${line}`);
      if (!['counter', 'gauge', 'histogram'].includes(rest)) throw new Error(`no type: ${line}`);
      family.type = rest;
    } else readSample(line, current, families.get(current));
  }
  for (const [name, family] of families) checkFamily(name, family);
  return families;
}

function readSample(
  line: string,
  current: string,
  family: { type: string; samples: Map<string, number> } | undefined,
): void {
  const [, name = '', labelText = '', valueText = ''] = samplePattern.exec(line) ?? [];
  if (family === undefined || family.type === '') throw new Error(`before its TYPE: ${line}`);
  const suffixes = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  if (!suffixes.some((suffix) => name === `${current}${suffix}`)) {
    throw new Error(`of another family: ${line}`);
  }
  if (!numberPattern.test(valueText)) throw new Error(`not a number: ${line}`);
  const key = `${name}{${readLabels(labelText, line).sort().join(',')}}`;
  if (family.samples.has(key)) throw new Error(`twice: ${line}`);
  family.samples.set(key, Number(valueText.replace('Inf', 'Infinity')));
}

function readLabels(text: string, line: string): string[] {
  const labels: string[] = [];
  labelPattern.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const found = labelPattern.exec(text);
    if (found === null) throw new Error(`labels cannot be read: ${line}`);
    labels.push(`${found[1]}="${found[2]}"`);
    at = labelPattern.lastIndex;
  }
  const names = labels.map((label) => label.slice(0, label.indexOf('=')));
  if (new Set(names).size < names.length) throw new Error(`a label twice: ${line}`);
  return labels;
}

function checkFamily(name: string, { type, samples }: ParsedFamily): void {
  if (samples.size === 0) throw new Error(`${name} has no samples`);
  if (type === 'counter' && !name.endsWith('_total')) throw new Error(`${name} is no total`);
  if (type === 'counter' && [...samples.values()].some((value) => value < 0)) {
    throw new Error(`${name} is below nothing`);
  }
  if (type !== 'histogram') return;
  const buckets = [...samples].filter(([key]) => key.startsWith(`${name}_bucket`));
  const counts = buckets.map(([, value]) => value);
  if (counts.some((count, at) => count < (counts[at - 1] ?? 0))) throw new Error(`${name} sinks`);
  if (!buckets.at(-1)?.[0].includes('le="+Inf"')) throw new Error(`${name} has no end`);
  if (counts.at(-1) !== samples.get(`${name}_count{}`)) throw new Error(`${name} does not add up`);
}
