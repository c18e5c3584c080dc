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
  return wordsOf(tool).some((part) => words.has(part));
}

const thinking: ReadonlySet<string> = new Set(
  'think thinking sequentialthinking scratchpad'.split(' '),
);

/** Tools in which a model writes to itself, as `think` and `sequentialthinking`: what it does with others goes on. */
export function isThinking(tool: string): boolean {
  return wordsOf(tool).some((part) => thinking.has(part));
}

function wordsOf(tool: string): readonly string[] {
  return tool
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
