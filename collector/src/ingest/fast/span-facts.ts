/**
 * The columns of one span, worked out by its plan and not yet written: whatever turns out to be unusual on the way
 * sends the span the general way, and no row has to be taken back.
 */
import { ByteBuffer } from '../../store/native/byte-buffer.ts';
import type { TextTable } from '../../store/native/text-table.ts';
import { readEvent, readLink } from '../otlp/read-span.ts';
import type { DecodedEvent, DecodedLink, Losses } from '../otlp/request.ts';
import { WireReader } from '../otlp/wire-reader.ts';
import { noCharges, readCharges, type Charges } from '../pricing/charges.ts';
import {
  maxAttributeBytes,
  maxContentBytes,
  maxNameBytes,
  newCuts,
  type Cuts,
} from '../to-span/limits.ts';
import type { ContentItem, SpanEvent, SpanLink } from '../../span.ts';
import { toJsonText } from '../to-span/json-text.ts';
import { readMessageEvents } from '../to-span/read-content.ts';
import { isLinked } from '../to-span/read-ids.ts';
import { toEvent, toLink } from '../to-span/read-links.ts';
import { readNamed } from '../to-span/read-named.ts';
import { readStatus } from '../to-span/read-status.ts';
import { isReasoningBeside } from '../to-span/read-usage.ts';
import { readTimeToFirstChunk } from '../to-span/read-time-to-first-chunk.ts';
import { EventFacts } from './event-facts.ts';
import { copyJsonText } from './json-text-bytes.ts';
import type { Candidate, Plan } from './plan.ts';
import type { MessageBudget } from './request-bounds.ts';
import type { RuleAnswer } from './rule-memo.ts';
import { valueTypes, type ShapeTree } from './shape-tree.ts';
import type { SpanScan } from './span-scan.ts';
import type { SpanValues } from './span-values.ts';

/** A text that its column keeps as it is: bytes of the body, or a text that a rule made; neither = empty. */
export type TextFact = { cellStart: number; end: number; text: string };

const none = -1;
const noReasons: readonly string[] = [];
/** Every part of a value costs its sender two bytes and counts as at most eight: below, nothing can be cut. */
const maxUncutBytes = 16_000;
const handoffTool = /^(?:transfer|handoff)_to_./;

export class SpanFacts {
  readonly runId = newTextFact();
  readonly toolCallId = newTextFact();
  readonly conversationId = newTextFact();
  readonly userId = newTextFact();
  readonly responseId = newTextFact();
  readonly statusMessage = newTextFact();
  /** Numbers of the text table. */
  rawKind = 0;
  errorType = 0;
  workflowName = 0;
  agentName = 0;
  toolName = 0;
  provider = 0;
  modelRequested = 0;
  modelAnswered = 0;
  handoffFrom = 0;
  handoffTo = 0;
  status = 0;
  /** -1 = not told. */
  inputTokens = none;
  outputTokens = none;
  cacheReadTokens = none;
  cacheWriteTokens = none;
  reasoningTokens = none;
  charges: Charges = noCharges;
  attempt = 0;
  loopIteration = 0;
  stepIndex = none;
  /** NaN = not told. */
  timeToFirstChunk = Number.NaN;
  costUsd: string | null = null;
  finishReasons: readonly string[] = [];
  /** What the general readers made of events; else they are in `eventFacts`. */
  events: SpanEvent[] = [];
  readonly eventFacts: EventFacts;
  links: SpanLink[] = [];
  messageEvents: readonly ContentItem[] = [];
  cuts: Cuts = newCuts();
  droppedAttributes = 0;
  droppedLinks = 0;
  /** Bodies of content that is no text, in the order of the plan's content. */
  readonly bodies: string[] = [];
  /** Bodies of the plan's packs, one after the other, and where each ends. */
  readonly packed = new ByteBuffer(64 * 1024);
  readonly packEnds: number[] = [];

  private isUnusual = false;
  private messages = 0;
  private readonly scan: SpanScan;
  private readonly values: SpanValues;
  private readonly texts: TextTable;
  /** Name of a span -> the name of what it is, by the plan's reading of it. */
  private readonly named = new Map<string, Map<number, number>>();
  private readonly handoffs = new Map<number, boolean>();

  constructor(scan: SpanScan, values: SpanValues, texts: TextTable, tree: ShapeTree) {
    this.eventFacts = new EventFacts(tree, texts);
    this.scan = scan;
    this.values = values;
    this.texts = texts;
  }

  /** False when the span is unusual. @throws MalformedBodyError, TooManyMessagesError */
  read(plan: Plan, name: number, budget: MessageBudget): boolean {
    this.isUnusual = false;
    this.messages = this.scan.messages;
    if (!this.fitsLimits(plan) || !this.readOthers(plan)) return false;
    if (!this.readPacks(plan) || !this.readEventsAndLinks(plan)) return false;
    this.readFields(plan, name);
    if (plan.isOwnUsage) this.readUsage(plan);
    else this.clearUsage();
    this.charges = plan.charges.length === 0 ? noCharges : this.readCharges(plan);
    this.readFailure(plan);
    if (this.isUnusual) return false;
    return this.messages <= budget.messages;
  }

  /** Messages of the span that was read last. */
  get messageCount(): number {
    return this.messages;
  }

  private fitsLimits(plan: Plan): boolean {
    const { scan } = this;
    if (sizeOf(scan.name) > maxNameBytes || sizeOf(scan.traceState) > maxNameBytes) return false;
    if (sizeOf(scan.message) > maxAttributeBytes) return false;
    if (scan.longestText <= maxAttributeBytes) return true;
    if (scan.longestText > maxContentBytes) return false;
    return plan.kept.every((at) => {
      const isText = plan.types[at] === valueTypes.text;
      return !isText || (scan.valueEnds[at] ?? 0) - (scan.textStarts[at] ?? 0) <= maxAttributeBytes;
    });
  }

  private readOthers(plan: Plan): boolean {
    const { values, scan } = this;
    if (this.bodies.length > 0) this.bodies.length = 0;
    if (plan.others.length === 0 && plan.plainContent) return true;
    for (const at of plan.others) this.messages += values.otherOf(at).messages;
    if (values.isUnusual) {
      values.isUnusual = false;
      return false;
    }
    for (const at of plan.keptOthers) {
      if ((scan.valueEnds[at] ?? 0) - (scan.valueStarts[at] ?? 0) > maxUncutBytes) return false;
    }
    for (const { position, type } of plan.content) {
      const body = type === valueTypes.text ? '' : toJsonText(values.valueOf(position, type));
      if (body.length * 3 > maxContentBytes && Buffer.byteLength(body) > maxContentBytes) {
        return false;
      }
      this.bodies.push(body);
    }
    return true;
  }

  private readPacks(plan: Plan): boolean {
    if (plan.packs.length === 0) return true;
    this.packEnds.length = 0;
    const { packed, scan, values } = this;
    packed.length = 0;
    for (const { names, positions, types } of plan.packs) {
      const start = packed.length;
      packed.byte(0x7b);
      for (const [index, position] of positions.entries()) {
        if (index > 0) packed.byte(0x2c);
        const name = names[index];
        if (name !== undefined) packed.copy(name, 0, name.length);
        const type = types[index] ?? 0;
        if (type === valueTypes.text) {
          const from = scan.textStarts[position] ?? 0;
          copyJsonText(packed, scan.bytes, from, scan.valueEnds[position] ?? 0);
        } else {
          const json = Buffer.from(toJsonText(values.valueOf(position, type)));
          packed.copy(json, 0, json.length);
        }
      }
      packed.byte(0x7d);
      if (packed.length - start > maxContentBytes) return false;
      this.packEnds.push(packed.length);
    }
    return true;
  }

  private readEventsAndLinks(plan: Plan): boolean {
    const { events, links } = this.scan;
    this.eventFacts.clear();
    this.cuts.truncated = false;
    this.cuts.droppedAttributes = 0;
    if (this.events.length > 0) this.events = [];
    if (this.links.length > 0) this.links = [];
    if (this.messageEvents.length > 0) this.messageEvents = [];
    if (this.decodedEvents.length > 0) this.decodedEvents = [];
    this.droppedAttributes = this.scan.droppedAttributes;
    this.droppedLinks = this.scan.droppedLinks;
    if (events.length === 0 && links.length === 0) return true;
    if (links.length === 0 && this.eventFacts.read(this.scan, events)) {
      this.droppedAttributes += this.eventFacts.droppedAttributes;
      this.messages += this.eventFacts.messages;
      return true;
    }
    this.eventFacts.clear();
    return this.decodeEventsAndLinks(plan);
  }

  private decodedEvents: DecodedEvent[] = [];

  private decodeEventsAndLinks(plan: Plan): boolean {
    const { bytes, events, links } = this.scan;
    const losses: Losses = { warnings: new Set(), cuts: 0 };
    const budget = { messages: Number.MAX_SAFE_INTEGER };
    const reader = (list: number[], at: number): WireReader =>
      new WireReader(bytes, list[at] ?? 0, list[at + 1] ?? 0, budget);
    for (let at = 0; at < events.length; at += 2) {
      const event = readEvent(reader(events, at), losses);
      this.decodedEvents.push(event);
      this.droppedAttributes += event.droppedAttributes;
    }
    const decodedLinks: DecodedLink[] = [];
    for (let at = 0; at < links.length; at += 2) {
      const link = readLink(reader(links, at), losses);
      decodedLinks.push(link);
      this.droppedAttributes += link.droppedAttributes;
    }
    if (losses.warnings.size > 0) return false;
    this.messages += Number.MAX_SAFE_INTEGER - budget.messages;
    for (const event of this.decodedEvents) this.events.push(toEvent(event, this.cuts));
    for (const link of decodedLinks) {
      if (isLinked(link)) this.links.push(toLink(link, this.cuts));
      else this.droppedLinks += 1;
    }
    if (events.length > 0) {
      this.messageEvents = readMessageEvents(this.decodedEvents, plan.kind, this.cuts);
    }
    this.droppedAttributes += this.cuts.droppedAttributes;
    return true;
  }

  private readFields(plan: Plan, name: number): void {
    const { fields } = plan;
    this.rawKind = plan.rawKindPosition < 0 ? 0 : this.wordAt(plan);
    this.readText(fields.runId, this.runId);
    this.readText(fields.toolCallId, this.toolCallId);
    this.readText(fields.conversationId, this.conversationId);
    this.readText(fields.userId, this.userId);
    this.readText(fields.responseId, this.responseId);
    this.workflowName = this.readWord(fields.workflowName) || this.fromName(plan, 'workflow', name);
    this.agentName = this.readWord(fields.agentName) || this.fromName(plan, 'agent', name);
    this.toolName = this.readWord(fields.toolName) || this.fromName(plan, 'tool', name);
    this.provider = this.readWord(fields.provider);
    this.modelRequested = this.readWord(fields.modelRequested);
    this.modelAnswered = this.readWord(fields.modelAnswered);
    this.handoffFrom = this.readWord(fields.handoffFrom);
    this.handoffTo = this.readWord(fields.handoffTo);
    // A tool by which a model hands over: seldom enough for the general way.
    if (plan.kind === 'tool' && this.isHandoff(this.toolName)) this.isUnusual = true;
    this.attempt = Math.max(0, this.readNumber(fields.attempt));
    this.loopIteration = Math.max(0, this.readNumber(fields.loopIteration));
    this.stepIndex = this.readNumber(fields.stepIndex);
    this.finishReasons = this.readList(fields.finishReasons);
    this.timeToFirstChunk = this.readFirstChunk(plan);
  }

  private readFirstChunk({ fields }: Plan): number {
    const told = this.readNumber(fields.timeToFirstChunk);
    if (told !== none) return told;
    const firstChunk = this.readNumber(fields.firstChunkUnixSeconds, Number.NaN);
    if (Number.isNaN(firstChunk)) return Number.NaN;
    const [low = 0, high = 0] = this.scan.times;
    const start = (BigInt(high) << 32n) | BigInt(low);
    const get = (field: string): number | null =>
      field === 'firstChunkUnixSeconds' ? firstChunk : null;
    return readTimeToFirstChunk({ get } as Parameters<typeof readTimeToFirstChunk>[0], start) ?? 0;
  }

  private readUsage(plan: Plan): void {
    const { fields, readKind } = plan;
    this.cacheReadTokens = this.readNumber(fields.cacheReadTokens);
    this.cacheWriteTokens = this.readNumber(fields.cacheWriteTokens);
    const cached = Math.max(0, this.cacheReadTokens) + Math.max(0, this.cacheWriteTokens);
    const input = this.readNumber(fields.inputTokens);
    const isBeside = readKind.cacheBesideInput || cached > input;
    this.inputTokens = input !== none && isBeside ? input + cached : input;
    this.outputTokens = this.readNumber(fields.outputTokens);
    this.reasoningTokens = this.readNumber(fields.reasoningTokens);
    if (this.reasoningTokens > 0 && this.outputTokens !== none) this.includeReasoning(plan, input);
    this.costUsd = this.readUsd(fields.costUsd);
  }

  /** @param told input as it was sent */
  private includeReasoning({ fields }: Plan, told: number): void {
    const { outputTokens, reasoningTokens } = this;
    const input = { told: Math.max(0, told), inputTokens: Math.max(0, this.inputTokens) };
    const total = this.readNumber(fields.totalTokens);
    const provider = this.texts.textOf(this.provider);
    if (isReasoningBeside(input, outputTokens, reasoningTokens, total, provider)) {
      this.outputTokens = outputTokens + reasoningTokens;
    }
  }

  private clearUsage(): void {
    this.inputTokens = none;
    this.outputTokens = none;
    this.cacheReadTokens = none;
    this.cacheWriteTokens = none;
    this.reasoningTokens = none;
    this.costUsd = null;
  }

  private readCharges({ charges }: Plan): Charges {
    const { values } = this;
    return readCharges(
      charges.map(({ key, position, type }) => [key, values.valueOf(position, type)] as const),
    );
  }

  /** As `readStatus` does; without events and errors nothing has to be made for it. */
  private readFailure({ fields }: Plan): void {
    const { scan, statusMessage: into } = this;
    const errorType = this.readWord(fields.errorType);
    if (sizeOf(scan.message) > 0) {
      into.cellStart = scan.message[0] ?? 0;
      into.end = scan.message[2] ?? 0;
      into.text = '';
    } else this.readText(fields.statusMessage, into, maxAttributeBytes);
    this.errorType = errorType;
    this.status = scan.code === 2 || errorType !== 0 ? 2 : scan.code === 1 ? 1 : 0;
    if (this.decodedEvents.length > 0) this.readException(errorType);
    else if (this.eventFacts.hasException) this.useException(errorType);
  }

  private useException(errorType: number): void {
    const { scan, eventFacts, statusMessage: into } = this;
    const isUncaught = scan.code === 0 && !eventFacts.isCaught;
    if (this.status !== 2 && !isUncaught) return;
    this.status = 2;
    if (errorType === 0) this.errorType = eventFacts.exceptionType;
    if (into.end > 0 || into.text !== '') return;
    into.cellStart = eventFacts.messageCell;
    into.end = eventFacts.messageEnd;
  }

  private readException(errorType: number): void {
    const { scan, statusMessage: into } = this;
    const isTold = into.end > 0 || into.text !== '';
    const failure = readStatus(
      { status: { code: scan.code, message: isTold ? 'told' : '' }, events: this.decodedEvents },
      errorType === 0 ? null : 'told',
      null,
    );
    this.status = failure.status === 'error' ? 2 : scan.code === 1 ? 1 : 0;
    if (!isTold && failure.statusMessage !== '') {
      this.limit(failure.statusMessage, maxAttributeBytes);
      into.text = failure.statusMessage;
    }
    if (errorType === 0 && failure.errorType !== '') {
      this.limit(failure.errorType, maxNameBytes);
      this.errorType = this.texts.numberOf(failure.errorType);
    }
  }

  private wordAt(plan: Plan): number {
    const at = plan.rawKindPosition;
    const { scan } = this;
    if (plan.types[at] === valueTypes.bool) {
      return this.texts.numberOf(scan.numbers[at] === 1 ? 'true' : 'false');
    }
    return this.texts.numberOfBytes(
      scan.bytes,
      scan.view,
      scan.textStarts[at] ?? 0,
      scan.valueEnds[at] ?? 0,
    );
  }

  /** Sends the span the general way when the text would have to be cut. */
  private limit(text: string, maxBytes: number): void {
    if (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes) this.isUnusual = true;
  }

  private answerOf(candidate: Candidate): RuleAnswer {
    return candidate.memo.answerTo(candidate.position, candidate.type);
  }

  /** The number of the first that says something; 0, the empty text, when none does. */
  private readWord(candidates: readonly Candidate[]): number {
    for (const candidate of candidates) {
      if (candidate.how === 'text') {
        const { textStarts, valueEnds, bytes, view } = this.scan;
        const start = textStarts[candidate.position] ?? 0;
        const end = valueEnds[candidate.position] ?? 0;
        if (end - start > maxNameBytes) this.isUnusual = true;
        return this.texts.numberOfBytes(bytes, view, start, end);
      }
      const answer = this.answerOf(candidate);
      if (answer.value === null) continue;
      const text = answer.value as string;
      this.limit(text, maxNameBytes);
      if (answer.number < 0) answer.number = this.texts.numberOf(text);
      return answer.number;
    }
    return 0;
  }

  private readText(
    candidates: readonly Candidate[],
    into: TextFact,
    maxBytes: number = maxNameBytes,
  ): void {
    into.end = 0;
    into.text = '';
    for (const candidate of candidates) {
      if (candidate.how === 'text') {
        const { cellStarts, textStarts, valueEnds } = this.scan;
        into.cellStart = cellStarts[candidate.position] ?? 0;
        into.end = valueEnds[candidate.position] ?? 0;
        if (into.end - (textStarts[candidate.position] ?? 0) > maxBytes) this.isUnusual = true;
        return;
      }
      const { value } = this.answerOf(candidate);
      if (value === null) continue;
      into.text = value as string;
      this.limit(into.text, maxBytes);
      return;
    }
  }

  private readNumber(candidates: readonly Candidate[], otherwise: number = none): number {
    for (const candidate of candidates) {
      if (candidate.how === 'count') {
        const count = this.scan.numbers[candidate.position] ?? 0;
        if (count >= 0) return count;
        continue;
      }
      const { value } = this.answerOf(candidate);
      if (value !== null) return value as number;
    }
    return otherwise;
  }

  private readUsd(candidates: readonly Candidate[]): string | null {
    for (const candidate of candidates) {
      const { value } = this.answerOf(candidate);
      if (value !== null) return value as string;
    }
    return null;
  }

  private readList(candidates: readonly Candidate[]): readonly string[] {
    for (const candidate of candidates) {
      const { value } = this.answerOf(candidate);
      if (value !== null) return value as readonly string[];
    }
    return noReasons;
  }

  private fromName(plan: Plan, kind: 'workflow' | 'agent' | 'tool', name: number): number {
    if (plan.kind !== kind) return 0;
    const key = plan.readKind.isNamed ? `${kind} by name` : kind;
    let known = this.named.get(key);
    if (known === undefined) {
      known = new Map();
      this.named.set(key, known);
    }
    let number = known.get(name);
    if (number === undefined) {
      number = this.texts.numberOf(readNamed(this.texts.textOf(name), kind, plan.readKind));
      known.set(name, number);
    }
    return number;
  }

  private isHandoff(toolName: number): boolean {
    let is = this.handoffs.get(toolName);
    if (is === undefined) {
      is = handoffTool.test(this.texts.textOf(toolName));
      this.handoffs.set(toolName, is);
    }
    return is;
  }
}

function newTextFact(): TextFact {
  return { cellStart: 0, end: 0, text: '' };
}

function sizeOf(text: Int32Array): number {
  return (text[2] ?? 0) - (text[1] ?? 0);
}
