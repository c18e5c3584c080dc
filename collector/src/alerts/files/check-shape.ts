/** Holds what a file says against a schema, and tells each mistake where it stands. */
import type { z } from 'zod';
import type { FileProblem } from './file-problem.ts';
import type { Path, YamlSource } from './read-yaml.ts';

export type Shaped<T> =
  | { readonly type: 'shaped'; readonly value: T }
  | { readonly type: 'wrong'; readonly problems: readonly FileProblem[] };

export function checkShape<S extends z.ZodType>(
  source: YamlSource,
  schema: S,
): Shaped<z.output<S>> {
  const parsed = schema.safeParse(source.value);
  if (parsed.success) return { type: 'shaped', value: parsed.data };
  const problems = parsed.error.issues
    .flatMap((issue) => toProblems(source, issue))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  return { type: 'wrong', problems };
}

/** `rules.0.window`, as sentences of checks begin. */
export function nameOf(path: Path): string {
  return path.map(String).join('.');
}

function toProblems(source: YamlSource, issue: z.core.$ZodIssue): FileProblem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      source.atName(
        [...path, key],
        `${nameOf([...path, key])}: there is no such field. Check its spelling, or leave it out.`,
      ),
    );
  }
  const where = path.length === 0 ? 'file' : nameOf(path);
  const sentence = `${where}: ${toSentence(source.value, issue).replace(/\.?$/, '.')}`;
  const isName = issue.code === 'invalid_key';
  return [isName ? source.atName(path, sentence) : source.at(path, sentence)];
}

function toSentence(whole: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return aName;
  const value = valueAt(whole, issue.path);
  if (value === undefined) return 'it is missing';
  if (value === null) return 'there is nothing after it: write a value, or leave it out';
  switch (issue.code) {
    case 'invalid_value':
      return `choose ${listOf(issue.values.map((one) => String(one)))}`;
    case 'invalid_type':
      return `write ${kinds[issue.expected] ?? `a ${issue.expected}`}${quoteHint(issue, value)}`;
    case 'invalid_union':
      return issue.path.at(-1) === 'type'
        ? `there is no such type of condition. Choose ${listOf(conditionTypes)}`
        : anAddress;
    case 'too_small':
      return `${toSize(issue.origin, issue.minimum)} at least`;
    case 'too_big':
      return `${toSize(issue.origin, issue.maximum)} at most`;
    case 'invalid_format':
      return toFormat(issue);
    default:
      return issue.message;
  }
}

/** A pattern that says nothing itself. */
function toFormat({ format, message }: z.core.$ZodIssueInvalidStringFormat): string {
  if (!message.startsWith('Invalid ')) return message;
  return format === 'url' ? anAddress : aName;
}

const anAddress = 'write an address such as https://wiki.example.com/runbook';
const aName =
  'use at most 64 letters, digits, dots, hyphens and underscores, and begin with a letter';

const conditionTypes = ['threshold', 'ratio', 'seasonal', 'burn_rate', 'absence'];

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields and their values',
  record: 'names and their texts',
};

/** 007 is a number to YAML. What may be a secret is not repeated. */
function quoteHint({ expected, path }: z.core.$ZodIssueInvalidType, value: unknown): string {
  if (path.at(-1) === 'secret') return '';
  const isBare = typeof value === 'number' || typeof value === 'boolean';
  return expected === 'string' && isBare ? `, in quotes: "${String(value)}"` : '';
}

function toSize(origin: string, size: number | bigint): string {
  if (origin === 'string') return `write ${size} ${size === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `name ${size}`;
  return `choose ${size}`;
}

function valueAt(whole: unknown, path: Path): unknown {
  let value = whole;
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Object.hasOwn(value, step) ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  }
  return value;
}

function listOf(words: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(words);
}
