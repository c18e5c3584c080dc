/** Cells of one span, from its bytes and what was worked out about it. */
import { mapperVersion } from '../../mapper-version.ts';
import { spanFlags, type ContentItem } from '../../span.ts';
import { ByteBuffer } from '../../store/native/byte-buffer.ts';
import type { Batch, Stamp } from '../../store/native/batch.ts';
import { setEvents, setLinks } from '../../store/native/add-span.ts';
import type { Int64Column, NullableColumn } from '../../store/native/number-columns.ts';
import type { StringColumn } from '../../store/native/text-columns.ts';
import type { TextTable } from '../../store/native/text-table.ts';
import { plainTraceFlags, oneDayNano } from '../to-span/read-flags.ts';
import type { CallCost } from './call-cost.ts';
import type { Plan } from './plan.ts';
import { valueTypes } from './shape-tree.ts';
import type { SharedAttributes } from './shared-columns.ts';
import type { SpanFacts, TextFact } from './span-facts.ts';
import type { SpanScan } from './span-scan.ts';
import type { SpanValues } from './span-values.ts';
import { isAfter, toHalves, type Halves } from './unix-time.ts';

export type SharedFacts = {
  readonly service: number;
  readonly scopeName: number;
  readonly scopeVersion: number;
  readonly resource: SharedAttributes;
  readonly scope: SharedAttributes;
  readonly flags: number;
};

/** What the rows of one body share. */
export type BodyFacts = {
  readonly project: number;
  readonly stamp: Stamp;
  /** A day after the body came. */
  readonly latestStart: Halves;
};

export function toLatestStart(receivedUnixNano: bigint): Halves {
  return toHalves(receivedUnixNano + oneDayNano);
}

/** The last moment that the column of times can hold. */
const latest = toHalves(4_294_967_295_999_999_999n);

/** Bytes of a trace id's cell. */
const traceCell = 33;

export class SpanWriter {
  /** Cells of the two ids, which the rows of content repeat. */
  private readonly ids = new ByteBuffer(64);
  private readonly scan: SpanScan;
  private readonly values: SpanValues;
  private readonly facts: SpanFacts;
  private readonly intType: number;
  private readonly doubleType: number;
  private readonly boolType: number;
  private readonly emptyType: number;
  private readonly jsonFormat: number;
  private readonly textFormat: number;
  private readonly flatFormat: number;
  private readonly traceFlagsKey: number;

  constructor(scan: SpanScan, values: SpanValues, facts: SpanFacts, texts: TextTable) {
    this.scan = scan;
    this.values = values;
    this.facts = facts;
    this.intType = texts.numberOf('int');
    this.doubleType = texts.numberOf('double');
    this.boolType = texts.numberOf('bool');
    this.emptyType = texts.numberOf('empty');
    this.jsonFormat = texts.numberOf('json');
    this.textFormat = texts.numberOf('text');
    this.flatFormat = texts.numberOf('flat');
    this.traceFlagsKey = texts.numberOf('otlp.flags');
  }

  /** @returns the span's flags */
  write(
    batch: Batch,
    plan: Plan,
    name: number,
    cost: CallCost,
    shared: SharedFacts,
    body: BodyFacts,
  ): number {
    const { scan, facts } = this;
    const { bytes, times } = scan;
    const { columns } = batch.spans;
    const row = batch.spans.addRow();
    const flags = shared.flags | this.flagsOf(plan, body);
    columns.project_id.setNumber(row, body.project);
    const { ids } = this;
    ids.length = 0;
    ids.hex(bytes, scan.traceId, 16);
    ids.hex(bytes, scan.spanId, 8);
    columns.trace_id.setCellView(row, ids.bytes, ids.words, 0, traceCell);
    columns.span_id.setCellView(row, ids.bytes, ids.words, traceCell, ids.length);
    if (scan.parentId >= 0) columns.parent_span_id.begin(row).hex(bytes, scan.parentId, 8);
    this.setScanned(columns.trace_state, row, scan.traceState);
    columns.name.setNumber(row, name);
    columns.kind.setNumber(row, plan.kindNumber);
    if (facts.rawKind !== 0) columns.raw_kind.setNumber(row, facts.rawKind);
    columns.dialect.setNumber(row, plan.dialectNumber);
    columns.otel_kind.set(row, scan.kind <= 5 ? scan.kind : 0);
    this.setTime(columns.start_time, row);
    columns.version.setHalves(row, times[2] ?? 0, times[3] ?? 0);
    columns.status.set(row, facts.status);
    this.setFact(columns.status_message, row, facts.statusMessage);
    if (facts.errorType !== 0) columns.error_type.setNumber(row, facts.errorType);
    columns.flags.set(row, flags);
    columns.service_name.setNumber(row, shared.service);
    columns.scope_name.setNumber(row, shared.scopeName);
    columns.scope_version.setNumber(row, shared.scopeVersion);
    this.setNamed(batch, row);
    this.setCounts(batch, row, plan);
    columns.cost_source.set(row, cost.source);
    columns.price_match.set(row, cost.match);
    if (cost.trillionths >= 0) {
      if (cost.reported === null) {
        columns.cost_usd.setPresent(row).setNumber(row, cost.trillionths);
      }
      columns.computed_cost_usd.setPresent(row).setNumber(row, cost.trillionths);
      columns.price_version.setNumber(row, cost.version);
    }
    if (cost.reported !== null) columns.cost_usd.setPresent(row).setBigInt(row, cost.reported);
    this.setAttributes(batch, row, plan);
    shared.resource.write(row, columns.resource_attributes, columns.resource_attribute_types);
    shared.scope.write(row, columns.scope_attributes, columns.scope_attribute_types);
    if (facts.eventFacts.count > 0) this.setEventCells(batch, row);
    if (facts.events.length > 0) setEvents(columns, row, facts.events);
    if (facts.links.length > 0) setLinks(columns, row, facts.links);
    columns.mapper_version.set(row, mapperVersion);
    columns.retention_days.set(row, body.stamp.retentionDays);
    columns.received_at.set(row, body.stamp.receivedUnixSeconds);
    this.writeContent(batch, plan, body);
    return flags;
  }

  private flagsOf(plan: Plan, { latestStart }: BodyFacts): number {
    const { times } = this.scan;
    const startLow = times[0] ?? 0;
    const startHigh = times[1] ?? 0;
    const endLow = times[2] ?? 0;
    const endHigh = times[3] ?? 0;
    let flags = 0;
    if (endLow === 0 && endHigh === 0) flags |= spanFlags.running;
    else if (endHigh < startHigh || (endHigh === startHigh && endLow < startLow)) {
      flags |= spanFlags.endBeforeStart;
    }
    const isZero = startLow === 0 && startHigh === 0;
    if (isZero || isAfter(startLow, startHigh, latestStart)) flags |= spanFlags.badTime;
    if (this.facts.cuts.truncated) flags |= spanFlags.truncated;
    return plan.isWait ? flags | spanFlags.wait : flags;
  }

  private setTime(column: Int64Column, row: number): void {
    const low = this.scan.times[0] ?? 0;
    const high = this.scan.times[1] ?? 0;
    if (isAfter(low, high, latest)) column.setHalves(row, latest.low, latest.high);
    else column.setHalves(row, low, high);
  }

  private setScanned(column: StringColumn, row: number, text: Int32Array): void {
    const end = text[2] ?? 0;
    if (end <= (text[1] ?? 0)) return;
    column.setCellView(row, this.scan.bytes, this.scan.view, text[0] ?? 0, end);
  }

  private setFact(column: StringColumn, row: number, { cellStart, end, text }: TextFact): void {
    if (end > 0) column.setCellView(row, this.scan.bytes, this.scan.view, cellStart, end);
    else if (text !== '') column.set(row, text);
  }

  private setNamed({ spans: { columns } }: Batch, row: number): void {
    const { facts } = this;
    this.setFact(columns.run_id, row, facts.runId);
    if (facts.workflowName !== 0) columns.workflow_name.setNumber(row, facts.workflowName);
    if (facts.agentName !== 0) columns.agent_name.setNumber(row, facts.agentName);
    if (facts.toolName !== 0) columns.tool_name.setNumber(row, facts.toolName);
    this.setFact(columns.tool_call_id, row, facts.toolCallId);
    this.setFact(columns.conversation_id, row, facts.conversationId);
    this.setFact(columns.user_id, row, facts.userId);
    if (facts.provider !== 0) columns.provider.setNumber(row, facts.provider);
    if (facts.modelRequested !== 0) columns.model_requested.setNumber(row, facts.modelRequested);
    if (facts.modelAnswered !== 0) columns.model_answered.setNumber(row, facts.modelAnswered);
    this.setFact(columns.response_id, row, facts.responseId);
    if (facts.handoffFrom !== 0) columns.handoff_from.setNumber(row, facts.handoffFrom);
    if (facts.handoffTo !== 0) columns.handoff_to.setNumber(row, facts.handoffTo);
    if (facts.finishReasons.length === 0) return;
    for (const reason of facts.finishReasons) columns.finish_reasons.items.push(reason);
    columns.finish_reasons.end(row);
  }

  private setCounts({ spans: { columns } }: Batch, row: number, plan: Plan): void {
    const { facts, scan } = this;
    if (plan.isOwnUsage) {
      setTokens(columns.input_tokens, row, facts.inputTokens);
      setTokens(columns.output_tokens, row, facts.outputTokens);
      setTokens(columns.cache_read_tokens, row, facts.cacheReadTokens);
      setTokens(columns.cache_write_tokens, row, facts.cacheWriteTokens);
      setTokens(columns.reasoning_tokens, row, facts.reasoningTokens);
    }
    if (Number.isFinite(facts.timeToFirstChunk)) {
      columns.time_to_first_chunk.setPresent(row).set(row, facts.timeToFirstChunk);
    }
    const most = 4_294_967_295;
    if (facts.attempt > 0) columns.attempt.set(row, Math.min(most, facts.attempt));
    if (facts.loopIteration > 0) {
      columns.loop_iteration.set(row, Math.min(most, facts.loopIteration));
    }
    columns.step_index.set(row, Math.min(2_147_483_647, facts.stepIndex));
    if (facts.droppedAttributes > 0) {
      columns.dropped_attributes.set(row, Math.min(most, facts.droppedAttributes));
    }
    if (scan.droppedEvents > 0) columns.dropped_events.set(row, scan.droppedEvents);
    if (facts.droppedLinks > 0) columns.dropped_links.set(row, Math.min(most, facts.droppedLinks));
  }

  private setAttributes({ spans: { columns } }: Batch, row: number, plan: Plan): void {
    const { scan, values } = this;
    const { kept, types: typeOf } = plan;
    const { attributes: map, attribute_types: types } = columns;
    const { bytes, view, cellStarts, valueEnds, numbers } = scan;
    const hasFlags = (scan.traceFlags & ~plainTraceFlags) !== 0;
    const count = kept.length;
    if (count === 0 && !hasFlags) return;
    map.keys.pushNumbers(plan.keptKeys);
    const cells = map.values.beginMany(count);
    if (plan.typedKeys.length > 0) types.keys.pushNumbers(plan.typedKeys);
    for (let index = 0; index < count; index += 1) {
      const at = kept[index] ?? 0;
      const type = typeOf[at] ?? 0;
      if (type === valueTypes.text) {
        cells.copyView(bytes, view, cellStarts[at] ?? 0, valueEnds[at] ?? 0);
        continue;
      }
      if (type === valueTypes.emptyText) {
        cells.byte(0);
        continue;
      }
      const number = numbers[at] ?? 0;
      if (type === valueTypes.int) {
        cells.integer(number);
        types.values.pushNumber(this.intType);
      } else if (type === valueTypes.bool) {
        cells.text(number === 1 ? 'true' : 'false');
        types.values.pushNumber(this.boolType);
      } else if (type === valueTypes.double) {
        const isInt = Number.isSafeInteger(number) && !Object.is(number, -0);
        if (isInt) cells.integer(number);
        else cells.text(Object.is(number, -0) ? '-0' : String(number));
        types.values.pushNumber(isInt ? this.intType : this.doubleType);
      } else if (type === valueTypes.nothing) {
        cells.byte(0);
        types.values.pushNumber(this.emptyType);
      } else {
        const other = values.otherOf(at);
        cells.text(other.text);
        types.values.pushNumber(other.typeNumber);
      }
    }
    if (hasFlags) {
      map.keys.pushNumber(this.traceFlagsKey);
      map.values.beginMany(1).integer(scan.traceFlags);
      types.keys.pushNumber(this.traceFlagsKey);
      types.values.pushNumber(this.intType);
    }
    map.end(row);
    if (plan.typedKeys.length > 0 || hasFlags) types.end(row);
  }

  private setEventCells({ spans: { columns } }: Batch, row: number): void {
    const { count, times, names, json, ends } = this.facts.eventFacts;
    const { event_times, event_names, event_attributes } = columns;
    let start = 0;
    for (let at = 0; at < count; at += 1) {
      const low = times[at * 2] ?? 0;
      const high = times[at * 2 + 1] ?? 0;
      const isLate = isAfter(low, high, latest);
      event_times.items.pushHalves(isLate ? latest.low : low, isLate ? latest.high : high);
      event_names.items.pushNumber(names[at] ?? 0);
      const end = ends[at] ?? 0;
      const { items } = event_attributes;
      items.setBytesView(items.rows, json.bytes, json.words, start, end);
      start = end;
    }
    event_times.end(row);
    event_names.end(row);
    event_attributes.end(row);
  }

  private writeContent(batch: Batch, plan: Plan, body: BodyFacts): void {
    const { scan, facts } = this;
    const { content, packs } = plan;
    let position = 0;
    // No iterators here: each step of one is an object.
    for (let index = 0; index < content.length; index += 1) {
      const item = content[index];
      if (item === undefined) continue;
      const { columns } = batch.content;
      const row = this.beginContent(batch, position, body);
      columns.slot.setNumber(row, item.slotNumber);
      columns.key.setNumber(row, item.keyNumber);
      position += 1;
      if (item.type !== valueTypes.text) {
        columns.format.setNumber(row, this.jsonFormat);
        columns.body.set(row, facts.bodies[index] ?? '');
        continue;
      }
      const end = scan.valueEnds[item.position] ?? 0;
      const isJson = !item.isText && this.values.looksLikeJson(item.position);
      columns.format.setNumber(row, isJson ? this.jsonFormat : this.textFormat);
      const cell = scan.cellStarts[item.position] ?? 0;
      columns.body.setCellView(row, scan.bytes, scan.view, cell, end);
    }
    let start = 0;
    for (let index = 0; index < packs.length; index += 1) {
      const pack = packs[index];
      if (pack === undefined) continue;
      const { columns } = batch.content;
      const row = this.beginContent(batch, position, body);
      const end = facts.packEnds[index] ?? 0;
      columns.slot.setNumber(row, pack.slotNumber);
      columns.key.setNumber(row, pack.keyNumber);
      columns.format.setNumber(row, this.flatFormat);
      columns.body.setBytesView(row, facts.packed.bytes, facts.packed.words, start, end);
      start = end;
      position += 1;
    }
    for (const item of facts.messageEvents) {
      this.writeItem(batch, item, position, body);
      position += 1;
    }
  }

  private writeItem(batch: Batch, item: ContentItem, position: number, body: BodyFacts): void {
    const { columns } = batch.content;
    const row = this.beginContent(batch, position, body);
    columns.slot.set(row, item.slot);
    columns.key.set(row, item.key);
    columns.format.set(row, item.format);
    columns.body.set(row, item.body);
  }

  private beginContent(batch: Batch, position: number, body: BodyFacts): number {
    const { scan, facts } = this;
    const { columns } = batch.content;
    const row = batch.content.addRow();
    columns.project_id.setNumber(row, body.project);
    this.setFact(columns.conversation_id, row, facts.conversationId);
    const { ids } = this;
    columns.trace_id.setCellView(row, ids.bytes, ids.words, 0, traceCell);
    columns.span_id.setCellView(row, ids.bytes, ids.words, traceCell, ids.length);
    this.setTime(columns.start_time, row);
    columns.version.setHalves(row, scan.times[2] ?? 0, scan.times[3] ?? 0);
    columns.position.set(row, Math.min(65_535, position));
    columns.mapper_version.set(row, mapperVersion);
    columns.retention_days.set(row, body.stamp.contentRetentionDays);
    columns.received_at.set(row, body.stamp.receivedUnixSeconds);
    return row;
  }
}

/** As the general way does: a count that is no whole number up to 2^53 is not known. */
function setTokens(column: NullableColumn<Int64Column>, row: number, count: number): void {
  if (count < 0 || !Number.isSafeInteger(count)) return;
  column.setPresent(row).setNumber(row, count);
}
