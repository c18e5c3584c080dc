/** Words in message bodies and payloads. Bodies are searched as they came, which mostly means as JSON text. */
import { fromProject, readRows, type Reader } from './read-rows.ts';
import type { SqlFragment } from './store.ts';

export type ContentSearch = {
  readonly text: string;
  /** Of the span's start, nanoseconds; `to` is excluded. */
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
  readonly limit: number;
  /** The last hit of the page before. */
  readonly after: ContentPlace | null;
};

export type ContentPlace = {
  readonly startTimeUnixNano: string;
  readonly traceId: string;
  readonly spanId: string;
};

/** One a span; `before` and `after` are what stands around the match, cut to a line's worth. */
export type ContentHit = ContentPlace & {
  readonly slot: string;
  readonly before: string;
  readonly match: string;
  readonly after: string;
};

const hourNano = 3_600_000_000_000n;
/** Older content is opened only when newer has not filled the page. */
const hoursAtOnce = [1n, 24n, 7n * 24n, 60n * 24n];

/** Newest first. @throws RangeError when the text holds no word */
export async function searchContent(
  reader: Reader,
  projectId: string,
  search: ContentSearch,
): Promise<ContentHit[]> {
  const hits: ContentHit[] = [];
  for (const slice of toSlices(search)) {
    const limit = search.limit - hits.length;
    const rows = await readRows(reader, projectId, toSearchSql({ ...slice, limit }));
    hits.push(...rows.map(toHit));
    if (hits.length >= search.limit) break;
  }
  return hits;
}

function toSlices(search: ContentSearch): ContentSearch[] {
  const slices: ContentSearch[] = [];
  let toUnixNano = search.toUnixNano;
  if (search.after !== null) {
    const next = BigInt(search.after.startTimeUnixNano) + 1n;
    if (next < toUnixNano) toUnixNano = next;
  }
  for (const hours of hoursAtOnce) {
    const fromUnixNano = toUnixNano - hours * hourNano;
    if (fromUnixNano <= search.fromUnixNano) break;
    slices.push({ ...search, fromUnixNano, toUnixNano });
    toUnixNano = fromUnixNano;
  }
  slices.push({ ...search, toUnixNano });
  return slices;
}

/** A copy that was replaced may be found too, when merges have not removed it yet. */
export function toSearchSql(search: ContentSearch): SqlFragment {
  const { sql: matches, params } = toContentMatch(search.text, 'text');
  const { after } = search;
  const keyset =
    after === null
      ? ''
      : `
  AND (start_time, trace_id, span_id) < (fromUnixTimestamp64Nano({afterStart:Int64}, 'UTC'), {afterTraceId:String}, {afterSpanId:String})`;
  const sql = `SELECT trace_id, span_id, slot, toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano,
  extract(body, {textPattern:String}) AS match,
  position(body, match) AS at,
  substring(body, greatest(1, at - ${aroundBytes}), least(${aroundBytes}, at - 1)) AS before,
  substring(body, at + length(match), ${aroundBytes}) AS after
FROM ${fromProject('content')}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')${keyset}
  AND ${matches}
ORDER BY start_time DESC, trace_id DESC, span_id DESC, version DESC, mapper_version DESC, position
LIMIT 1 BY trace_id, span_id
LIMIT {limit:UInt32}`;
  return {
    sql,
    params: {
      ...params,
      from: search.fromUnixNano.toString(),
      to: search.toUnixNano.toString(),
      limit: search.limit,
      ...(after && {
        afterStart: after.startTimeUnixNano,
        afterTraceId: after.traceId,
        afterSpanId: after.spanId,
      }),
    },
  };
}

/** A few words on each side. */
const aroundBytes = 120;

function toHit(row: Readonly<Record<string, unknown>>): ContentHit {
  return {
    startTimeUnixNano: String(row['start_unix_nano']),
    traceId: String(row['trace_id']),
    spanId: String(row['span_id']),
    slot: String(row['slot']),
    // A character may have been cut in the middle of its bytes.
    before: String(row['before']).replace(/^\uFFFD+/, ''),
    match: String(row['match']),
    after: String(row['after']).replace(/\uFFFD+$/, ''),
  };
}

/** Traces with a span whose content has the words, as a test on one span. Only content since `{from:Int64}` is opened. */
export function toSpansWithContent(text: string, param: string): SqlFragment {
  const { sql: matches, params } = toContentMatch(text, param);
  const sql = `(trace_id, span_id) IN (
      SELECT trace_id, span_id FROM ${fromProject('content')}
        AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
        AND ${matches})`;
  return { sql, params };
}

/**
 * Words in their order, whole and in any case, with anything but letters and digits between them. In JSON text a line
 * break is `\n`, so that the word behind it seems to begin with an n; and some senders write every letter beyond ASCII
 * as `\u....`.
 * @throws RangeError when the text holds no word
 */
export function toContentMatch(text: string, param: string): SqlFragment {
  const words = text.match(wordPattern)?.slice(0, maxWords) ?? [];
  if (words.length === 0) throw new RangeError('Write a word to look for.');
  const plain = words.filter((word) => /^[0-9A-Za-z]+$/.test(word));
  // The index knows whole words of the raw text: it leaves out what cannot match, and the pattern decides.
  const known = plain.map((_, at) => {
    const forms = escapes.map(
      (letter) => `hasTokenCaseInsensitive(body, {${param}${letter}${at}:String})`,
    );
    return `(${forms.join(' OR ')})`;
  });
  const params: Record<string, string> = { [`${param}Pattern`]: toPattern(words) };
  for (const [at, word] of plain.entries()) {
    for (const letter of escapes) params[`${param}${letter}${at}`] = letter + word.toLowerCase();
  }
  return { sql: [...known, `match(body, {${param}Pattern:String})`].join(' AND '), params };
}

const wordPattern = /[0-9A-Za-z\u0080-\u{10ffff}]+/gu;
const maxWords = 20;
/** A word behind `\n`, `\r` or `\t`, and most words: behind none. */
const escapes = ['', 'n', 'r', 't'] as const;

function toPattern(words: readonly string[]): string {
  const between = '(?:\\\\[nrt]|[^0-9A-Za-z])+';
  const spelled = words.map((word) => Array.from(word, toCharacterPattern).join(''));
  return `(?is)(?:^|[^0-9A-Za-z]|\\\\[nrt])(${spelled.join(between)})(?:[^0-9A-Za-z]|$)`;
}

function toCharacterPattern(character: string): string {
  if (/[0-9A-Za-z]/.test(character)) return character;
  const units = Array.from({ length: character.length }, (_, at) =>
    character.charCodeAt(at).toString(16).padStart(4, '0'),
  );
  const escaped = units.map((unit) => `\\\\u${unit}`).join('');
  return `(?:${character}|${escaped})`;
}
