/** What all signals share: records in scopes in resources, with the same field numbers. */
import type { Attributes } from '../../span.ts';

export type DecodedEnvelope<R> = {
  readonly resources: readonly DecodedResource<R>[];
  /** Sentences for the sender about things that were read with a loss, each once. */
  readonly warnings: ReadonlySet<string>;
};

export type DecodedResource<R> = {
  readonly attributes: Attributes;
  readonly schemaUrl: string;
  readonly scopes: readonly DecodedScope<R>[];
};

export type DecodedScope<R> = {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
  readonly schemaUrl: string;
  readonly records: readonly R[];
  /** One reason for each record that could not be read at all. */
  readonly unreadable: readonly string[];
};

/** The JSON names of the three lists, from the outside in. */
export type EnvelopeNames = {
  readonly resources: string;
  readonly scopes: string;
  readonly records: string;
  /** One record, in words. */
  readonly record: string;
};
