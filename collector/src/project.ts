/** Which project a sender writes to. Decided from the headers, before the body is read. */

export const projectHeader = 'orchescope-project';

/**
 * A sender names its project with a header, e.g. OTEL_EXPORTER_OTLP_HEADERS=orchescope-project=checkout. Null when no
 * project can be called so: its spans do not belong among those of `default`.
 */
export function projectOf(headers: Headers): string | null {
  const name = headers.get(projectHeader)?.trim() ?? '';
  if (name === '') return 'default';
  return isProjectName(name) ? name : null;
}

export function isProjectName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
}
