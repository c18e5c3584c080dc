/** Takes spans from bytes into a batch, and remembers of earlier ones what later ones repeat. */
import { spanFlags } from '../../span.ts';
import type { Batch } from '../../store/native/batch.ts';
import type { TextTable } from '../../store/native/text-table.ts';
import type { Pricer } from '../pricing/pricer.ts';
import { TooManyMessagesError } from '../otlp/request.ts';
import type { FieldRule } from '../to-span/rules.ts';
import { CallCost } from './call-cost.ts';
import type { DecodeContext } from './decode-spans.ts';
import { Decisions, type Decision, type NameFacts } from './decisions.ts';
import { makePlan, type Plan } from './plan.ts';
import type { MessageBudget, SpanGroup } from './request-bounds.ts';
import { RuleMemo } from './rule-memo.ts';
import { ShapeTree, valueTypes } from './shape-tree.ts';
import { readShape, type NamingStep, type Shape } from './shape.ts';
import { SharedAttributes } from './shared-columns.ts';
import { SpanFacts } from './span-facts.ts';
import { SpanScan } from './span-scan.ts';
import { SpanValues } from './span-values.ts';
import { SpanWriter, toLatestStart, type BodyFacts, type SharedFacts } from './span-writer.ts';

/** Words that decide are short; a longer one is nobody's. */
const maxWordBytes = 256;
const maxScopes = 512;
const maxPlans = 20_000;
/** How many different effects of values the number of a plan has room for. */
const effects = 256;

export class SpanDecoder {
  readonly generation: number;
  private readonly texts: TextTable;
  private readonly tree: ShapeTree;
  private readonly shapes = new Map<number, Shape | null>();
  private readonly scan = new SpanScan();
  private readonly values: SpanValues;
  private readonly facts: SpanFacts;
  private cost: CallCost;
  private readonly costs = new WeakMap<Pricer, CallCost>();
  private readonly writer: SpanWriter;
  private readonly decisions = new Decisions();
  private readonly decided = new Map<string, Map<number, Decision>>();
  private readonly names = new Map<number, NameFacts>();
  private readonly scopes = new Map<string, number>();
  private readonly memos = new Map<FieldRule, RuleMemo>();
  private readonly nameMemos = new Map<string, RuleMemo>();
  private plans = 0;
  private body: BodyFacts;
  private scopeName = '';
  private scopeNumber = 0;
  private shared: SharedFacts | null = null;

  constructor(texts: TextTable, price: Pricer) {
    this.texts = texts;
    this.generation = texts.generation;
    this.tree = new ShapeTree(texts);
    this.values = new SpanValues(this.scan, texts);
    this.facts = new SpanFacts(this.scan, this.values, texts, this.tree);
    this.cost = new CallCost(price, texts);
    this.costs.set(price, this.cost);
    this.writer = new SpanWriter(this.scan, this.values, this.facts, texts);
    this.body = {
      project: 0,
      stamp: { receivedUnixSeconds: 0, retentionDays: 0, contentRetentionDays: 0 },
      latestStart: { low: 0, high: 0 },
    };
  }

  /** Projects with prices of their own share all else that is remembered. */
  setPricer(price: Pricer): void {
    let cost = this.costs.get(price);
    if (cost === undefined) {
      cost = new CallCost(price, this.texts);
      this.costs.set(price, cost);
    }
    this.cost = cost;
  }

  /** Senders may make up more than is worth remembering: then a new decoder is begun. */
  get isWorn(): boolean {
    return this.tree.isFull || this.plans > maxPlans || this.scopes.size > maxScopes;
  }

  /** Two bodies may be taken in turns: call it whenever one goes on, and `setBytes` and `setGroup` after it. */
  setContext({ projectId, stamp, receivedUnixNano }: DecodeContext): void {
    this.values.forgetIfMany();
    this.body = {
      project: this.texts.numberOf(projectId),
      stamp,
      latestStart: toLatestStart(receivedUnixNano),
    };
  }

  /** @param view of all of them */
  setBytes(bytes: Buffer, view: DataView): void {
    this.scan.setBody(bytes, view);
  }

  setGroup({ resource, scope }: Pick<SpanGroup, 'resource' | 'scope'>): void {
    const { texts } = this;
    this.scopeName = scope.scopeName;
    const known = this.scopes.get(scope.scopeName);
    this.scopeNumber = known ?? this.scopes.size;
    if (known === undefined) this.scopes.set(scope.scopeName, this.scopeNumber);
    this.shared = {
      service: texts.numberOf(resource.serviceName),
      scopeName: texts.numberOf(scope.scopeName),
      scopeVersion: texts.numberOf(scope.scopeVersion),
      resource: new SharedAttributes(resource.resourceAttributes, texts),
      scope: new SharedAttributes(scope.scopeAttributes, texts),
      flags: resource.flags | scope.flags,
    };
  }

  /**
   * -1 when the span must go the general way, and nothing was written; else its flags.
   * @throws MalformedBodyError, TooManyMessagesError
   */
  add(start: number, end: number, batch: Batch, budget: MessageBudget): number {
    const { scan, facts, shared, texts } = this;
    if (shared === null || !scan.scan(start, end, this.tree)) return unusual;
    if (scan.traceId < 0 || scan.spanId < 0) return unusual;
    if (isZero(scan.bytes, scan.traceId, 16) || isZero(scan.bytes, scan.spanId, 8)) return unusual;
    if (scan.parentId >= 0 && isZero(scan.bytes, scan.parentId, 8)) scan.parentId = -1;
    const name = texts.numberOfBytes(scan.bytes, scan.view, scan.name[1] ?? 0, scan.name[2] ?? 0);
    const plan = this.planFor(name);
    if (plan === null || !facts.read(plan, name, budget)) return unusual;
    if (!this.cost.read(facts, plan, scan.times)) return unusual;
    budget.messages -= facts.messageCount;
    if (budget.messages < 0) throw new TooManyMessagesError();
    return this.writer.write(batch, plan, name, this.cost, shared, this.body);
  }

  private planFor(name: number): Plan | null {
    const shape = this.shapeOf(this.scan.shape);
    if (shape === null) return null;
    let number = this.scopeNumber * 2 + (this.scan.parentId < 0 ? 1 : 0);
    const facts = this.nameFacts(name);
    number = number * 64 + facts.number;
    for (const { position, key, type } of shape.deciding) {
      const decision = this.decisionAt(position, key, type);
      if (decision === null || decision.number >= effects) return null;
      number = number * effects + decision.number;
    }
    for (const step of shape.naming) number = number * 2 + (this.isName(step, name) ? 1 : 0);
    if (number === shape.lastNumber) return shape.lastPlan;
    let plan = shape.plans.get(number);
    if (plan === undefined) {
      plan = Number.isSafeInteger(number) ? this.makePlan(shape, name, facts) : null;
      shape.plans.set(number, plan);
      this.plans += 1;
    }
    shape.lastNumber = number;
    shape.lastPlan = plan;
    return plan;
  }

  private shapeOf(node: number): Shape | null {
    const known = this.shapes.get(node);
    if (known !== undefined) return known;
    const shape = readShape(this.tree, node, this.texts);
    this.shapes.set(node, shape);
    return shape;
  }

  private makePlan(shape: Shape, name: number, facts: NameFacts): Plan | null {
    const decisions = new Map<number, Decision>();
    for (const { position, key, type } of shape.deciding) {
      const decision = this.decisionAt(position, key, type);
      if (decision !== null) decisions.set(position, decision);
    }
    return makePlan({
      shape,
      scopeName: this.scopeName,
      isRoot: this.scan.parentId < 0,
      decisions,
      name: facts,
      isCalled: (key, member) =>
        shape.naming.some(
          (step) => step.key === key && step.member === member && this.isName(step, name),
        ),
      texts: this.texts,
      memoOf: (rule) => {
        const memo = this.memos.get(rule) ?? new RuleMemo(rule, this.values);
        this.memos.set(rule, memo);
        return memo;
      },
    });
  }

  private nameFacts(name: number): NameFacts {
    let facts = this.names.get(name);
    if (facts === undefined) {
      facts = this.decisions.ofName(this.texts.textOf(name));
      this.names.set(name, facts);
    }
    return facts;
  }

  private decisionAt(position: number, key: string, type: number): Decision | null {
    const { scan, texts } = this;
    const isText = type === valueTypes.text;
    let word: number;
    if (isText) {
      const start = scan.textStarts[position] ?? 0;
      const end = scan.valueEnds[position] ?? 0;
      if (end - start > maxWordBytes) return null;
      word = texts.numberOfBytes(scan.bytes, scan.view, start, end);
    } else word = scan.numbers[position] === 1 ? -1 : -2;
    let known = this.decided.get(key);
    if (known === undefined) {
      known = new Map();
      this.decided.set(key, known);
    }
    let decision = known.get(word);
    if (decision === undefined) {
      const text = isText ? texts.textOf(word) : String(word === -1);
      decision = this.decisions.decide(key, text, isText);
      known.set(word, decision);
    }
    return decision;
  }

  private isName({ position, type, key, member }: NamingStep, name: number): boolean {
    const text = this.texts.textOf(name);
    if (text === '') return false;
    const memoKey = `${key} ${member}`;
    let memo = this.nameMemos.get(memoKey);
    if (memo === undefined) {
      const rule = { field: 'agentName', rank: 0, kinds: null, member: member ?? null } as const;
      memo = new RuleMemo({ ...rule, read: (value) => value }, this.values);
      this.nameMemos.set(memoKey, memo);
    }
    return memo.answerTo(position, type).value === text;
  }
}

export const unusual = -1;

export function isCut(flags: number): boolean {
  return (flags & spanFlags.truncated) !== 0;
}

function isZero(bytes: Buffer, start: number, count: number): boolean {
  for (let at = start; at < start + count; at += 1) if (bytes[at] !== 0) return false;
  return true;
}

const decoders = new WeakMap<TextTable, SpanDecoder>();

/** One for each table of texts: what it remembers are numbers of that table. */
export function decoderFor(texts: TextTable, price: Pricer): SpanDecoder {
  const known = decoders.get(texts);
  if (known !== undefined && known.generation === texts.generation && !known.isWorn) {
    known.setPricer(price);
    return known;
  }
  const decoder = new SpanDecoder(texts, price);
  decoders.set(texts, decoder);
  return decoder;
}
