import type { Hono } from 'hono';
import {
  findingListQuery,
  findingSeverity,
  findingsQuery,
  type FindingGroup,
  type FindingGroups,
  type FindingKind,
  type FindingList,
  type FindingListQuery,
  type RunFinding,
  type RunStatus,
} from '../contract.ts';
import { countRuns, readFindingGroups, readFindingPage } from '../store/read-findings.ts';
import type { Reader } from '../store/read-rows.ts';
import { ApiFailure } from './api-failure.ts';
import { toCursorText } from './cursor-text.ts';
import { fromFindingCursorText, type FindingCursor } from './finding-cursor.ts';
import { toReader } from './reader.ts';
import { count, countOrNull, listOf, text, textOrNull, type Row } from './row-fields.ts';
import { toRunConditions } from './run-filter.ts';
import { toRunScope } from './run-scope.ts';
import { toIso } from './time-range.ts';
import { toFinding } from './to-finding.ts';
import { readQuery } from './validate.ts';

export function addFindingRoutes(app: Hono, store: Reader): void {
  app.get('/findings', async (c) => {
    const query = readQuery(c, findingsQuery);
    const { range, scope } = toRunScope(query);
    const reader = toReader(store, c);
    const [rows, runCount] = await Promise.all([
      readFindingGroups(reader, query.project, scope),
      countRuns(reader, query.project, scope),
    ]);
    const answer: FindingGroups = {
      groups: rows.map(toGroup),
      runCount,
      from: toIso(range.from),
      to: toIso(range.to),
    };
    return c.json(answer);
  });
  app.get('/findings/list', async (c) =>
    c.json(await listFindings(toReader(store, c), readQuery(c, findingListQuery))),
  );
}

function toGroup(row: Row): FindingGroup {
  return {
    kind: text(row, 'kind') as FindingKind,
    severity: findingSeverity.options[count(row, 'severity_rank') - 1] ?? 'info',
    count: count(row, 'finding_count'),
    runCount: count(row, 'run_count'),
    waste: {
      ms: countOrNull(row, 'ms'),
      tokens: countOrNull(row, 'tokens'),
      usd: textOrNull(row, 'usd'),
    },
    subjects: toPairs(row, 'subjects').map(([subject, count]) => ({ subject, count })),
    workflows: toPairs(row, 'workflows').map(([workflow, count]) => ({ workflow, count })),
    lastSeenUnixNano: text(row, 'last_seen'),
  };
}

function toPairs(row: Row, name: string): (readonly [string, number])[] {
  const pairs = listOf(row, name) as readonly (readonly [string, string])[];
  return pairs.map(([word, times]) => [word, Number(times)]);
}

async function listFindings(reader: Reader, query: FindingListQuery): Promise<FindingList> {
  const { project, sort, limit, kind = null, subject = null } = query;
  const cursor = readCursor(query);
  const { range, scope } = cursor === undefined ? toRunScope(query) : toScopeOf(cursor, query.q);
  const rows = await readFindingPage(reader, project, {
    ...scope,
    kind,
    subject,
    sort,
    after: cursor ?? null,
    // One more than asked for tells whether there is a next page.
    limit: limit + 1,
  });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    findings: rows.slice(0, limit).map(toRunFinding),
    nextCursor:
      last === undefined
        ? null
        : toCursorText({
            sort,
            from: range.from.toString(),
            to: range.to.toString(),
            now: scope.nowUnixNano.toString(),
            value: text(last, 'sort_text'),
            runId: text(last, 'run_id'),
            position: count(last, 'position'),
          } satisfies FindingCursor),
    from: toIso(range.from),
    to: toIso(range.to),
  };
}

function readCursor({ cursor: asked, sort }: FindingListQuery): FindingCursor | undefined {
  if (asked === undefined) return undefined;
  const cursor = fromFindingCursorText(asked);
  if (cursor?.sort === sort) return cursor;
  throw new ApiFailure(
    'invalid_cursor',
    'cursor: this is not the nextCursor of the same list. Ask without it to begin again.',
  );
}

function toScopeOf(cursor: FindingCursor, q: string): ReturnType<typeof toRunScope> {
  const range = { from: BigInt(cursor.from), to: BigInt(cursor.to) };
  const conditions = toRunConditions(q);
  const nowUnixNano = BigInt(cursor.now);
  return {
    range,
    scope: { fromUnixNano: range.from, toUnixNano: range.to, conditions, nowUnixNano },
  };
}

function toRunFinding(row: Row): RunFinding {
  const finding = toFinding({
    kind: text(row, 'kind'),
    variant: text(row, 'variant'),
    severity: text(row, 'severity'),
    subject: text(row, 'subject'),
    wasteMs: countOrNull(row, 'waste_ms'),
    wasteTokens: countOrNull(row, 'tokens'),
    wasteUsd: textOrNull(row, 'usd'),
    details: text(row, 'details'),
  });
  return Object.assign(finding, {
    runId: text(row, 'run_id'),
    workflow: text(row, 'workflow_name'),
    rootTraceId: text(row, 'root_trace_id'),
    runStatus: text(row, 'status_word') as RunStatus,
    runStartTimeUnixNano: text(row, 'start_text'),
  });
}
