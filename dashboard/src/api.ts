/** One function an endpoint. A failure is an ApiFailure whose message is one sentence for the screen. */
import type {
  AlertSummary,
  ApiError,
  ErrorCode,
  FindingGroups,
  FindingKind,
  FindingList,
  IngestHealth,
  ProjectList,
  RunList,
  RunSort,
  ServerInfo,
  SpanDetail,
  TraceList,
  TraceRuns,
  TraceSort,
} from 'orchescope/contract';
import type { ListRequest } from './list/list-page.ts';
import type { FindingSort, Scope } from './routes.ts';

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** `offline` when no answer came at all. */
  readonly code: ErrorCode | 'offline';
  readonly status: number;
  readonly url: string;
  /** Where in the filter text the error lies, in UTF-16 units. */
  readonly position: { readonly start: number; readonly end: number } | null;

  constructor(
    message: string,
    facts: Pick<ApiFailure, 'code' | 'status' | 'url'> & Partial<Pick<ApiFailure, 'position'>>,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = facts.code;
    this.status = facts.status;
    this.url = facts.url;
    this.position = facts.position ?? null;
  }
}

export function readProjects(signal: AbortSignal): Promise<ProjectList> {
  return get<ProjectList>('/api/projects', {}, signal);
}

export function readServerInfo(signal: AbortSignal): Promise<ServerInfo> {
  return get<ServerInfo>('/api/info', {}, signal);
}

export function readIngestHealth(signal: AbortSignal): Promise<IngestHealth> {
  return get<IngestHealth>('/api/ingest', {}, signal);
}

export function readRuns(request: ListRequest<RunSort>, signal: AbortSignal): Promise<RunList> {
  return get<RunList>('/api/runs', toTexts(request), signal);
}

export function readTraces(
  request: ListRequest<TraceSort>,
  signal: AbortSignal,
): Promise<TraceList> {
  return get<TraceList>('/api/traces', toTexts(request), signal);
}

/** Runs that a trace is part of. */
export function readTraceRuns(
  project: string,
  traceId: string,
  signal: AbortSignal,
): Promise<TraceRuns> {
  return get<TraceRuns>(`/api/traces/${traceId}/runs`, { project }, signal);
}

export type FindingsRequest = Scope & { readonly q: string };

export function readFindingGroups(
  request: FindingsRequest,
  signal: AbortSignal,
): Promise<FindingGroups> {
  return get<FindingGroups>('/api/findings', request, signal);
}

export type FindingListRequest = FindingsRequest & {
  readonly kind: FindingKind;
  /** Empty = anybody. */
  readonly subject: string;
  readonly sort: FindingSort;
  readonly limit: number;
  /** Empty = the first page. */
  readonly cursor: string;
};

export function readFindings(
  request: FindingListRequest,
  signal: AbortSignal,
): Promise<FindingList> {
  return get<FindingList>('/api/findings/list', toTexts(request), signal);
}

export function readSpan(
  project: string,
  traceId: string,
  spanId: string,
  signal: AbortSignal,
): Promise<SpanDetail> {
  return get<SpanDetail>(`/api/traces/${traceId}/spans/${spanId}`, { project }, signal);
}

/** Columns of the whole trace; read by the waterfall's worker. */
export function skeletonUrl(project: string, traceId: string): string {
  return withQuery(`/api/traces/${traceId}/skeleton`, { project });
}

/** What is open, for the frame of every page. */
export function readAlertSummary(project: string, signal: AbortSignal): Promise<AlertSummary> {
  return get<AlertSummary>('/api/alerts/summary', { project }, signal);
}

export function liveUrl(project: string): string {
  return withQuery('/api/live', { project });
}

/** The sentence for the screen, whatever was thrown. */
export function toSentence(error: unknown): string {
  return error instanceof Error && error.message !== ''
    ? error.message
    : 'Something unexpected happened.';
}

/** For whoever is asked for help. */
export function toDetails(error: unknown): string {
  if (!(error instanceof ApiFailure)) return String(error);
  const { status, code, url } = error;
  return `${status} ${code} ${url}`;
}

export function get<T>(
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<T> {
  return ask<T>(withQuery(path, query), { signal });
}

/** An answer without a body is undefined. */
export function send<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  signal: AbortSignal | null = null,
): Promise<T> {
  return ask<T>(path, {
    method,
    signal,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
}

async function ask<T>(url: string, options: RequestInit): Promise<T> {
  const headers = { accept: 'application/json', ...options.headers };
  const response = await fetch(url, { ...options, headers }).catch((cause: unknown) => {
    if (options.signal?.aborted === true) throw cause;
    throw new ApiFailure('The server does not answer. Is it running?', offline(url), { cause });
  });
  if (!response.ok) throw await toFailure(response, url);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

function offline(url: string): Pick<ApiFailure, 'code' | 'status' | 'url'> {
  return { code: 'offline', status: 0, url };
}

async function toFailure(response: Response, url: string): Promise<ApiFailure> {
  const { status } = response;
  const body = readError(await response.text());
  if (body === null) {
    const message = `The server answered ${status} ${response.statusText}`.trim();
    return new ApiFailure(`${message}.`, { code: 'internal', status, url });
  }
  const { code, message, position } = body.error;
  return new ApiFailure(message, { code, status, url, position: position ?? null });
}

/** A proxy in between may answer with HTML. */
function readError(text: string): ApiError | null {
  try {
    const body: unknown = JSON.parse(text);
    return isApiError(body) ? body : null;
  } catch {
    return null;
  }
}

function isApiError(body: unknown): body is ApiError {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error;
}

function toTexts(request: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(request).map(([key, value]) => [key, String(value)]));
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const text = new URLSearchParams(given).toString();
  return text === '' ? path : `${path}?${text}`;
}
