/** Values that decide what a span is, each looked up once: the word of a kind, a mark of a dialect, a wait. */
import { kindPrecedence } from '../dialects/all.ts';
import type { KindRule } from '../dialects/table.ts';
import { kindKeys, namePrefixKinds, waitRules } from '../to-span/rules.ts';

/** What one value of one key decides. Equal ones have the same number. */
export type Decision = {
  readonly number: number;
  /** By the index of the kind key. */
  readonly rules: ReadonlyMap<number, KindRule>;
  /** Values that only one dialect writes under this key. */
  readonly marks: ReadonlySet<string>;
  readonly isWait: boolean;
  /** The span stands for another that has not ended. */
  readonly isPending: boolean;
};

export type NameFacts = {
  readonly number: number;
  /** Indexes of the rows of `namePrefixKinds` that hold. */
  readonly prefixes: readonly number[];
  readonly isWait: boolean;
};

const markedValues = kindPrecedence.flatMap(({ marks }) => marks.values ?? []);

const pendingKey = 'logfire.span_type';

const decidingKeys: ReadonlySet<string> = new Set([
  pendingKey,
  ...kindKeys.map(({ key }) => key),
  ...markedValues.map(([key]) => key),
  ...waitRules.map(([key]) => key).filter((key) => key !== ''),
]);

export function isDeciding(key: string): boolean {
  return decidingKeys.has(key);
}

/** Few, since only what differs in its effect differs. */
export class Decisions {
  private readonly byEffect = new Map<string, Decision>();
  private readonly namesByEffect = new Map<string, NameFacts>();

  /** @param word as `readKind` makes it of a text or a bool */
  decide(key: string, word: string, isText: boolean): Decision {
    const rules = new Map<number, KindRule>();
    for (const [index, kindKey] of kindKeys.entries()) {
      if (kindKey.key !== key) continue;
      const rule = kindKey.values.get(word.toLowerCase()) ?? kindKey.any;
      if (rule !== null) rules.set(index, rule);
    }
    const marks = new Set(
      markedValues.filter((row) => isText && row[0] === key && row[1] === word).map(([, v]) => v),
    );
    const isWait =
      isText && waitRules.some(([name, values]) => name === key && values.includes(word));
    const isPending = isText && key === pendingKey && word === 'pending_span';
    const effect = JSON.stringify([key, [...rules], [...marks], isWait, isPending]);
    const known = this.byEffect.get(effect);
    if (known !== undefined) return known;
    const decision = { number: this.byEffect.size, rules, marks, isWait, isPending };
    this.byEffect.set(effect, decision);
    return decision;
  }

  ofName(name: string): NameFacts {
    const prefixes = namePrefixKinds.flatMap(([prefix], index) =>
      name === prefix || name.startsWith(`${prefix} `) ? [index] : [],
    );
    const isWait = waitRules.some(([key, values]) => key === '' && values.includes(name));
    const effect = JSON.stringify([prefixes, isWait]);
    const known = this.namesByEffect.get(effect);
    if (known !== undefined) return known;
    const facts = { number: this.namesByEffect.size, prefixes, isWait };
    this.namesByEffect.set(effect, facts);
    return facts;
  }
}
