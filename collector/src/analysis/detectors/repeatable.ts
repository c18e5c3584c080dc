/** Tools that are made to be called again and again, told by a word in their name. */

/** They ask whether something has changed. */
const asking =
  'await delay health heartbeat pending ping poll polling progress ready sleep status tail wait watch';

/** They act on something that goes on from where it stands, and answer `ok`. Not `up`, as in `look_up`. */
const acting =
  'advance click continue move next press redo screenshot scroll snapshot swipe tick undo';

const words: ReadonlySet<string> = new Set(`${asking} ${acting}`.split(' '));

/** `get_job_status`, `waitForBuild`, `scroll-down`. */
export function isRepeatable(tool: string): boolean {
  const parts = tool
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return parts.some((part) => words.has(part));
}
