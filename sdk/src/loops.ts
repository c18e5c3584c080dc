/** How something went in circles. */
export type LoopKind = 'repeat' | 'cycle' | 'ping_pong' | 'no_progress';

export type Loop = {
  readonly kind: LoopKind;
  /** How many steps one round has. */
  readonly period: number;
  /** How many rounds have been seen. */
  readonly repeats: number;
  /** What goes round, the same whichever step it began with: `read>write`. */
  readonly signature: string;
};

/** From how many rounds on it is a loop. */
export const loopThresholds = {
  /** The same call with the same result. */
  repeat: 3,
  /** The same call with ever other results: that may well be somebody polling. */
  poll: 9,
  cycle: 3,
  ping_pong: 3,
  no_progress: 5,
} as const;

const longestPeriod = 8;

/** One step: what was done, and the same with what came of it. Equal keys mean equal steps. */
type Step = { readonly name: string; readonly key: string };

/**
 * Finds rounds at the end of a sequence. It keeps the last eight steps and, for each period, how many steps in a row were
 * equal to the one a period before: that many tell how often a round was repeated. So a step costs eight
 * comparisons, and a loop of a million rounds takes no more memory than one of three.
 */
class Rounds {
  private readonly last: Step[] = [];
  private readonly equal = Array.from({ length: longestPeriod + 1 }, () => 0);

  push(step: Step): void {
    for (let period = 1; period <= longestPeriod; period += 1) {
      const before = this.last[this.last.length - period];
      this.equal[period] = before?.key === step.key ? (this.equal[period] ?? 0) + 1 : 0;
    }
    this.last.push(step);
    if (this.last.length > longestPeriod) this.last.shift();
  }

  clear(): void {
    this.last.length = 0;
    this.equal.fill(0);
  }

  /** How often the last `period` steps have come in a row; 1 = only now. */
  repeats(period: number): number {
    return Math.floor((this.equal[period] ?? 0) / period) + 1;
  }

  round(period: number): readonly Step[] {
    return this.last.slice(-period);
  }
}

/** Tells a loop once: again only when it has gone on for twice as long. Another loop begins a new story. */
class Episode {
  private signature = '';
  private toldAt = 0;

  tell(loop: Loop): Loop | undefined {
    const signature = `${loop.kind} ${loop.signature}`;
    if (signature === this.signature && loop.repeats < 2 * this.toldAt) return undefined;
    this.signature = signature;
    this.toldAt = loop.repeats;
    return loop;
  }

  end(): undefined {
    this.signature = '';
    this.toldAt = 0;
    return undefined;
  }
}

/** Calls of tools by one agent: the same again, or the same few again and again. */
export class CallLoops {
  private readonly results = new Rounds();
  private readonly calls = new Rounds();
  private readonly episode = new Episode();

  /**
   * `call` is the tool with its arguments, in one form for equal arguments; `result` likewise, undefined when it is
   * not known, which then counts as never the same twice.
   */
  add(name: string, call: string, result: string | undefined): Loop | undefined {
    this.calls.push({ name, key: call });
    this.results.push({
      name,
      key: result === undefined ? `${call} ${unique()}` : `${call} ${result}`,
    });
    const found = this.repeat(name) ?? this.cycle();
    return found ? this.episode.tell(found) : this.episode.end();
  }

  /** Somebody waited, or tried again, on purpose: what comes now is no loop with what was before. */
  pause(): void {
    this.results.clear();
    this.calls.clear();
    this.episode.end();
  }

  private repeat(name: string): Loop | undefined {
    const same = this.results.repeats(1);
    const repeats = same >= loopThresholds.repeat ? same : this.calls.repeats(1);
    const least = same >= loopThresholds.repeat ? loopThresholds.repeat : loopThresholds.poll;
    return repeats < least ? undefined : { kind: 'repeat', period: 1, repeats, signature: name };
  }

  private cycle(): Loop | undefined {
    for (let period = 2; period <= longestPeriod; period += 1) {
      const repeats = this.results.repeats(period);
      if (repeats >= loopThresholds.cycle)
        return { kind: 'cycle', period, repeats, signature: rotate(this.results.round(period)) };
    }
    return undefined;
  }
}

let made = 0;
const unique = (): string => `?${(made += 1)}`;

/** Handoffs of one run: two agents who give it back and forth. Longer rounds are how many teams work. */
export class HandoffLoops {
  private readonly edges = new Rounds();
  private readonly episode = new Episode();

  add(from: string, to: string): Loop | undefined {
    this.edges.push({ name: from, key: `${from}>${to}` });
    const repeats = this.edges.repeats(2);
    const [back] = this.edges.round(2);
    const isReturn = from !== to && back?.key === `${to}>${from}`;
    if (!isReturn || repeats < loopThresholds.ping_pong) return this.episode.end();
    const signature = rotate(this.edges.round(2));
    return this.episode.tell({ kind: 'ping_pong', period: 2, repeats, signature });
  }
}

/** Steps that leave the work where it was. */
export class ProgressLoops {
  private readonly states = new Rounds();
  private readonly episode = new Episode();

  add(name: string, state: string): Loop | undefined {
    this.states.push({ name, key: state });
    const repeats = this.states.repeats(1);
    if (repeats < loopThresholds.no_progress) return this.episode.end();
    return this.episode.tell({ kind: 'no_progress', period: 1, repeats, signature: name });
  }
}

/** A round has no first step: of all rotations the one whose keys come first stands for it. */
const rotate = (round: readonly Step[]): string => {
  let best = round;
  for (let by = 1; by < round.length; by += 1) {
    const turned = [...round.slice(by), ...round.slice(0, by)];
    if (keysOf(turned) < keysOf(best)) best = turned;
  }
  return best.map(({ name }) => name).join('>');
};

const keysOf = (round: readonly Step[]): string => round.map(({ key }) => key).join('\n');
