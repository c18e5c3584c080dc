/** An OTLP request in protobuf -> the same in OTLP/JSON, for people to read. Written apart from the decoders under test. */

type Form = 'hex' | 'text' | 'base64' | 'int' | 'bool' | 'uint' | 'fixed64' | 'fixed32' | 'double';
type Field = { readonly name: string; readonly form: Form | (() => Message); readonly isList?: true };
type Message = Readonly<Record<number, Field>>;
type Json = Record<string, unknown>;

const one = (name: string, form: Field['form']): Field => ({ name, form });
const many = (name: string, form: Field['form']): Field => ({ name, form, isList: true });
const attributes = many('attributes', () => keyValue);
const dropped = one('droppedAttributesCount', 'uint');

const anyValue: Message = {
  1: one('stringValue', 'text'),
  2: one('boolValue', 'bool'),
  3: one('intValue', 'int'),
  4: one('doubleValue', 'double'),
  5: one('arrayValue', () => ({ 1: many('values', () => anyValue) })),
  6: one('kvlistValue', () => ({ 1: many('values', () => keyValue) })),
  7: one('bytesValue', 'base64'),
};
const keyValue: Message = { 1: one('key', 'text'), 2: one('value', () => anyValue) };
const scope: Message = { 1: one('name', 'text'), 2: one('version', 'text'), 3: attributes, 4: dropped };

const event: Message = { 1: one('timeUnixNano', 'fixed64'), 2: one('name', 'text'), 3: attributes, 4: dropped };
const link: Message = {
  1: one('traceId', 'hex'),
  2: one('spanId', 'hex'),
  3: one('traceState', 'text'),
  4: attributes,
  5: dropped,
  6: one('flags', 'fixed32'),
};
const span: Message = {
  1: one('traceId', 'hex'),
  2: one('spanId', 'hex'),
  3: one('traceState', 'text'),
  4: one('parentSpanId', 'hex'),
  5: one('name', 'text'),
  6: one('kind', 'uint'),
  7: one('startTimeUnixNano', 'fixed64'),
  8: one('endTimeUnixNano', 'fixed64'),
  9: attributes,
  10: dropped,
  11: many('events', () => event),
  12: one('droppedEventsCount', 'uint'),
  13: many('links', () => link),
  14: one('droppedLinksCount', 'uint'),
  15: one('status', () => ({ 2: one('message', 'text'), 3: one('code', 'uint') })),
  16: one('flags', 'fixed32'),
};
const logRecord: Message = {
  1: one('timeUnixNano', 'fixed64'),
  2: one('severityNumber', 'uint'),
  3: one('severityText', 'text'),
  5: one('body', () => anyValue),
  6: attributes,
  7: dropped,
  8: one('flags', 'fixed32'),
  9: one('traceId', 'hex'),
  10: one('spanId', 'hex'),
  11: one('observedTimeUnixNano', 'fixed64'),
  12: one('eventName', 'text'),
};

const request = (resources: string, scopes: string, records: string, record: Message): Message => ({
  1: many(resources, () => ({
    1: one('resource', () => ({ 1: attributes, 2: dropped })),
    2: many(scopes, () => ({
      1: one('scope', () => scope),
      2: many(records, () => record),
      3: one('schemaUrl', 'text'),
    })),
    3: one('schemaUrl', 'text'),
  })),
});

export const traceRequest = request('resourceSpans', 'scopeSpans', 'spans', span);
export const logsRequest = request('resourceLogs', 'scopeLogs', 'logRecords', logRecord);

export function fromProtobuf(bytes: Buffer, message: Message): Json {
  const json: Json = {};
  let at = 0;
  while (at < bytes.length) {
    const tag = Number(readVarint());
    const value = readValue(tag & 7);
    const field = message[tag >> 3];
    if (field === undefined) throw new Error(`field ${tag >> 3} of a recording is not known`);
    const shown = show(value, field.form);
    if (field.isList === undefined) json[field.name] = shown;
    else json[field.name] = [...((json[field.name] as unknown[]) ?? []), shown];
  }
  return json;

  function readVarint(): bigint {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('a recording ends in the middle of a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  function readValue(wireType: number): bigint | Buffer {
    if (wireType === 0) return readVarint();
    const length = wireType === 1 ? 8 : wireType === 5 ? 4 : Number(readVarint());
    at += length;
    return bytes.subarray(at - length, at);
  }
}

/** 64-bit integers are strings in OTLP/JSON, and ids hex. */
function show(value: bigint | Buffer, form: Field['form']): unknown {
  if (typeof value === 'bigint') {
    if (form === 'bool') return value !== 0n;
    return form === 'int' ? String(BigInt.asIntN(64, value)) : Number(value);
  }
  if (typeof form === 'function') return fromProtobuf(value, form());
  if (form === 'fixed64') return String(value.readBigUInt64LE());
  if (form === 'fixed32') return value.readUInt32LE();
  if (form === 'double') return value.readDoubleLE();
  return value.toString(form === 'text' ? 'utf8' : (form as 'hex' | 'base64'));
}
