import type { TraceRequest } from './otlp.ts';

export type Target = {
  /** Where the collector listens, without a path: `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  readonly project: string;
  /** Empty when the collector asks for none. */
  readonly accessKey: string;
};

/** Sends one request and waits until the collector has taken every span in it. */
export async function postTraces(target: Target, request: TraceRequest): Promise<void> {
  const response = await fetch(new URL('/v1/traces', target.endpoint), {
    method: 'POST',
    headers: toHeaders(target),
    body: JSON.stringify(request),
  });
  const answer = await response.text();
  if (!response.ok) {
    throw new Error(`The collector answered ${response.status}: ${answer.slice(0, 300)}`);
  }
  const rejected = readRejected(answer);
  if (rejected > 0) throw new Error(`The collector rejected ${rejected} spans: ${answer}`);
}

function toHeaders({ project, accessKey }: Target): Record<string, string> {
  const headers = { 'content-type': 'application/json', 'orchescope-project': project };
  return accessKey === '' ? headers : { ...headers, authorization: `Bearer ${accessKey}` };
}

function readRejected(answer: string): number {
  const body: { partialSuccess?: { rejectedSpans?: string | number } } = JSON.parse(answer || '{}');
  return Number(body.partialSuccess?.rejectedSpans ?? 0);
}
