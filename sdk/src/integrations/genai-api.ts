import type { Attributes } from '@opentelemetry/api';
import type { Facts } from '../facts.ts';

/** What a request says before it is sent. */
export type RequestFacts = {
  readonly model?: string;
  readonly stream?: boolean;
  /** Messages in OpenTelemetry's form; written with capture `full` alone. */
  readonly input?: unknown;
  readonly system?: unknown;
  readonly tools?: unknown;
  /** Parameters: temperature, limits, and the like. */
  readonly attributes: Attributes;
};

/** What an answer says. */
export type AnswerFacts = {
  readonly facts: Partial<Facts['llm']>;
  /** Names of the tools that the model asks for. */
  readonly toolCalls?: readonly string[];
  /** The body says that it failed, whatever the HTTP status was. */
  readonly failure?: { readonly type: string; readonly message: string };
};

/** Puts the events of a stream together to the body that an answer in one piece would have had. */
export type Merge = {
  readonly add: (event: unknown) => void;
  readonly body: () => unknown;
};

/** One HTTP API for models, whoever serves it. */
export type GenaiApi = {
  readonly name: string;
  readonly kind: 'llm' | 'embedding';
  /** OpenTelemetry's word for what it does, where it is not that of the kind. */
  readonly operation?: string;
  /** Whose API it is, when the host does not tell who serves it. */
  readonly provider: string;
  /** Other services use such paths as well: does the body belong to this API? */
  readonly isRequest: (body: unknown) => boolean;
  readonly request: (body: unknown, url: URL) => RequestFacts;
  readonly answer: (body: unknown) => AnswerFacts;
  readonly merge: () => Merge;
};
