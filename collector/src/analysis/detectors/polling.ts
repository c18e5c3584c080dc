/** Words in the name of a tool that say: asked again and again on purpose. */
const words: ReadonlySet<string> = new Set([
  'await',
  'delay',
  'health',
  'heartbeat',
  'pending',
  'ping',
  'poll',
  'polling',
  'progress',
  'ready',
  'sleep',
  'state',
  'status',
  'tail',
  'wait',
  'watch',
]);

/** `get_job_status`, `waitForBuild`, `job-progress`. */
export function isPollingName(tool: string): boolean {
  const parts = tool
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return parts.some((part) => words.has(part));
}
