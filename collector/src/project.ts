/** Which project a sender writes to. Decided from the headers, before the body is read. */

export const projectHeader = 'orchescope-project';

/** A sender names its project with a header, e.g. OTEL_EXPORTER_OTLP_HEADERS=orchescope-project=checkout. */
export function projectOf(headers: Headers): string {
  const name = headers.get(projectHeader)?.trim() ?? '';
  return isProjectId(name) ? name : 'default';
}

export function isProjectId(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
}
