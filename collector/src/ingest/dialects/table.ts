/** What a dialect is made of. A new alias is a row in a table of this shape; no code changes with it. */
import type { ContentSlot, SpanKind } from '../../span.ts';
import { readFinishReasons } from './finish-reasons.ts';
import { readProvider } from './provider.ts';
import {
  readCount,
  readSeconds,
  readText,
  readUnixSeconds,
  readUsd,
  type Reader,
} from './readers.ts';

/** The columns that attributes fill, and how each reads a value unless its row says otherwise. */
export const fieldReaders = {
  runId: readText,
  workflowName: readText,
  agentName: readText,
  toolName: readText,
  toolCallId: readText,
  conversationId: readText,
  userId: readText,
  provider: readProvider,
  modelRequested: readText,
  modelAnswered: readText,
  responseId: readText,
  finishReasons: readFinishReasons as Reader<readonly string[]>,
  inputTokens: readCount,
  outputTokens: readCount,
  cacheReadTokens: readCount,
  cacheWriteTokens: readCount,
  reasoningTokens: readCount,
  /** Of input and output: tells whether these hold their parts. */
  totalTokens: readCount,
  costUsd: readUsd,
  timeToFirstChunk: readSeconds,
  attempt: readCount,
  loopIteration: readCount,
  stepIndex: readCount,
  handoffFrom: readText,
  handoffTo: readText,
  /** Whom a tool that is called `transfer_to_agent` was told to hand over to. */
  handoffArgument: readText,
  errorType: readText,
  statusMessage: readText,
  firstChunkUnixSeconds: readUnixSeconds,
} as const;

export type FieldName = keyof typeof fieldReaders;
export type FieldValue<F extends FieldName> = NonNullable<ReturnType<(typeof fieldReaders)[F]>>;

type FieldOptions<F extends FieldName> = {
  readonly read?: Reader<FieldValue<F>>;
  /** The row holds on spans of these kinds alone. */
  readonly kinds?: readonly SpanKind[];
  /** The attribute is a JSON object as text, and the value is this member of it. */
  readonly member?: string;
};

/** Among the rows of one field the first that says something wins; so do earlier tables over later ones. */
export type FieldRow = {
  [F in FieldName]: readonly [field: F, key: string, options?: FieldOptions<F>];
}[FieldName];

/** Where a body or payload goes: `flat` = keys `<key>.<number>...` packed together, `text` = never JSON. */
export type ContentRow = readonly [
  slot: ContentSlot,
  key: string,
  options?: { readonly as?: 'flat' | 'text'; readonly kinds?: readonly SpanKind[] },
];

export type KindRule = {
  readonly kind: SpanKind;
  /** The kind when the span has no parent. */
  readonly root?: SpanKind;
  /** The span's own name is the name of the agent, tool or workflow it is, if no attribute names it. */
  readonly named?: boolean;
  /** The span repeats the usage of its children. */
  readonly repeatsUsage?: boolean;
  /** The sender counts cached tokens beside the input tokens, not among them. */
  readonly cacheBesideInput?: boolean;
  /** The span is an agent when its own name is what this attribute, or this member of its JSON, says. */
  readonly agentIfNamed?: { readonly key: string; readonly member?: string };
};

/** An attribute that says what a span is. Values are compared in lower case; `*` stands for any value. */
type KindRow = {
  readonly key: string;
  readonly values: Readonly<Record<string, SpanKind | KindRule>>;
};

/** With a scope, the row holds on spans of that instrumentation alone: its words are common ones. */
export type HintRow = readonly [hint: string, kind: SpanKind, options?: { readonly scope: string }];

/** How to recognise a dialect; any one of these is enough. */
type Marks = {
  readonly scopes?: readonly string[];
  readonly scopePrefixes?: readonly string[];
  readonly keys?: readonly string[];
  /** A key that many write, with a value that only this sender writes. */
  readonly values?: readonly (readonly [key: string, value: string])[];
};

export type Dialect = {
  /** Goes into `Span.dialect`. */
  readonly name: string;
  readonly marks: Marks;
  readonly kinds: readonly KindRow[];
  readonly fields: readonly FieldRow[];
  readonly content: readonly ContentRow[];
  /** The key alone tells the kind, when nothing better does. */
  readonly presence: readonly HintRow[];
  /** The start of the span's name tells the kind, when no attribute does. */
  readonly namePrefixes: readonly HintRow[];
  /** The span spent its time waiting: attribute and values; the empty key is the span's name. */
  readonly waits: readonly (readonly [key: string, values: readonly string[]])[];
  /** Span events that are messages. */
  readonly messageEvents: readonly (readonly [event: string, slot: ContentSlot])[];
};

/** A dialect from the parts it has. */
export function dialect(name: string, parts: Partial<Omit<Dialect, 'name'>>): Dialect {
  return {
    name,
    marks: {},
    kinds: [],
    fields: [],
    content: [],
    presence: [],
    namePrefixes: [],
    waits: [],
    messageEvents: [],
    ...parts,
  };
}
