/** Point D35 of the OTLP/HTTP checklist: the wire format of protobuf. */
import { describe, expect, test } from 'vitest';
import { delimited, encode, tag, varint } from './encode.testing.ts';
import { post, request, span, startIngest } from './ingest.testing.ts';

describe('protobuf', () => {
  const whole = Buffer.from(encode(request([span(1)]), 'application/x-protobuf'));
  const send = async (body: Buffer) => {
    const ingest = startIngest();
    const response = await post(ingest, Uint8Array.from(body));
    return { status: response.status, spans: ingest.spans };
  };

  test.each([
    ['a varint', Buffer.concat([tag(99, 0), varint(2n ** 64n - 1n)])],
    ['a fixed64', Buffer.concat([tag(99, 1), Buffer.alloc(8, 255)])],
    ['bytes', delimited(99, Buffer.from('packed numbers, or anything'))],
    ['a fixed32', Buffer.concat([tag(99, 5), Buffer.alloc(4, 255)])],
    ['a known field in another wire type', Buffer.concat([tag(1, 0), varint(5n)])],
  ])('D35: an unknown field is skipped: %s', async (_, field) => {
    for (const body of [Buffer.concat([field, whole]), Buffer.concat([whole, field])]) {
      const { status, spans } = await send(body);
      expect([status, spans.length]).toEqual([200, 1]);
    }
  });

  test('D35: a value before its key, and numbers in ten bytes, are read', async () => {
    const minusOne = Buffer.concat([tag(3, 0), Buffer.from([...Array(9).fill(255), 1])]);
    const pair = Buffer.concat([delimited(2, minusOne), delimited(1, Buffer.from('late'))]);
    const ids = [Buffer.alloc(16, 1), Buffer.alloc(8, 2)];
    const fields = [...ids.map((id, n) => delimited(n + 1, id)), delimited(9, pair)];
    const { spans } = await send(delimited(1, delimited(2, delimited(2, Buffer.concat(fields)))));
    expect(spans[0]?.attributes).toEqual(new Map([['late', -1]]));
  });

  test('D35: invalid UTF-8 becomes U+FFFD and costs nothing else', async () => {
    const ids = [delimited(1, Buffer.alloc(16, 1)), delimited(2, Buffer.alloc(8, 2))];
    const name = delimited(5, Buffer.from([104, 105, 0xff, 0xfe]));
    const { spans } = await send(
      delimited(1, delimited(2, delimited(2, Buffer.concat([...ids, name])))),
    );
    expect(spans.map((stored) => stored.name)).toEqual(['hi\ufffd\ufffd']);
  });

  test.each([
    ['the start of a group', Buffer.concat([tag(1, 3), tag(1, 4)])],
    ['the end of a group', tag(1, 4)],
    ['wire type 6', tag(1, 6)],
    ['wire type 7', tag(1, 7)],
    ['field 0', Buffer.from([0, 0])],
    ['a number of eleven bytes', Buffer.concat([tag(99, 0), Buffer.alloc(11, 255)])],
    ['a length beyond the end', Buffer.concat([tag(1, 2), varint(1_000n)])],
    ['a length beyond 2^63', Buffer.concat([tag(1, 2), varint(2n ** 64n - 1n)])],
    ['a length beyond its message', delimited(1, Buffer.concat([tag(2, 2), varint(9n)]))],
    ['half a fixed64', Buffer.concat([tag(99, 1), Buffer.alloc(4)])],
    ['a tag and no value', tag(99, 0)],
  ])('D35: %s is 400', async (_, body) => {
    expect(await send(body)).toEqual({ status: 400, spans: [] });
    expect(await send(Buffer.concat([whole, body]))).toEqual({ status: 400, spans: [] });
  });

  test('D35: a body cut anywhere but between fields is 400', async () => {
    const { status } = await send(whole);
    expect(status).toBe(200);
    for (let length = 1; length < whole.length; length++) {
      expect([length, (await send(whole.subarray(0, length))).status]).toEqual([length, 400]);
    }
  });
});
