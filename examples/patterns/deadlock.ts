/**
 * Two agents deadlocked on each other: each waits for the other, and a timeout lets them go.
 *
 * The writer cannot begin without the researcher's facts; the researcher will not send facts before it knows the
 * writer's outline. Each waits for the other, and neither does anything wrong.
 *
 * You will see, below each agent, a step of type `wait` that says in `orchescope.wait.for` whom the agent waits for.
 * The two overlap and point at each other: a cycle. The researcher's wait ends after its timeout with `error.type`
 * TimeoutError; it falls back to a standard outline, sends its facts, and the writer's wait ends well. Run with answers
 * in time, nothing of this shows: that is the second run.
 */
import { emit, init, run, type Carrier } from '@orchescope/sdk';
import { createVirtualClock } from './virtual-clock.ts';

init({ serviceName: 'deadlock' });

const clock = createVirtualClock();

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

type Letter = { readonly from: string; readonly text: string; readonly trace: Carrier };

/** One letter box an agent; whoever waits gets the next letter of the sender it waits for. */
class Mailbox {
  readonly #owner: string;
  readonly #letters: Letter[] = [];
  #wake: () => void = () => {};

  constructor(owner: string) {
    this.#owner = owner;
  }

  put(from: string, text: string): void {
    run({ kind: 'send', name: 'letter', system: 'inproc', destination: this.#owner }, (op) => {
      this.#letters.push({ from, text, trace: op.carrier() });
    });
    this.#wake();
  }

  /** The wait is a span of its own: it is how a deadlock shows. */
  async waitFor(sender: string, timeoutMs: number): Promise<string> {
    const spec = { kind: 'step', name: `letter of ${sender}`, type: 'wait' } as const;
    return run({ ...spec, waitsFor: sender }, async (op) => {
      const late = clock.sleep(timeoutMs).then(() => {
        throw new TimeoutError(`nothing from ${sender} in ${timeoutMs} ms`);
      });
      const letter = await Promise.race([this.#next(sender), late]);
      op.link(letter.trace, 'caused_by');
      return letter.text;
    });
  }

  async #next(sender: string): Promise<Letter> {
    for (;;) {
      const index = this.#letters.findIndex(({ from }) => from === sender);
      const [letter] = index < 0 ? [] : this.#letters.splice(index, 1);
      if (letter) return letter;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

type Desk = { readonly writer: Mailbox; readonly researcher: Mailbox };

async function write({ writer, researcher }: Desk, outlineFirst: boolean): Promise<string> {
  return run({ kind: 'agent', name: 'writer' }, async () => {
    if (outlineFirst) researcher.put('writer', 'outline: past, present, future');
    const facts = await writer.waitFor('researcher', 60_000);
    return `an article of ${facts}`;
  });
}

async function research({ writer, researcher }: Desk): Promise<void> {
  await run({ kind: 'agent', name: 'researcher' }, async () => {
    let outline: string;
    try {
      outline = await researcher.waitFor('writer', 5_000);
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      outline = 'outline: the standard one';
      emit({ type: 'fallback', from: 'outline of the writer', to: 'standard outline' });
    }
    writer.put('researcher', `12 facts, by ${outline}`);
  });
}

async function produce(name: string, outlineFirst: boolean): Promise<void> {
  const desk = { writer: new Mailbox('writer'), researcher: new Mailbox('researcher') };
  const startedMs = clock.now();
  await run({ kind: 'workflow', name, pattern: 'peer' }, async () => {
    const [article] = await Promise.all([write(desk, outlineFirst), research(desk)]);
    console.log(`${name}: ${article}, after ${clock.now() - startedMs} ms`);
  });
}

await produce('deadlocked', false);
await produce('outline-first', true);
