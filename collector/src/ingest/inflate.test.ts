/** Compressed bodies: every encoding we take, and what senders may do to hurt with them. */
import {
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
  type ZlibOptions,
} from 'node:zlib';
import { asyncProperty, assert, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBodyBudget, type BodyBudget } from './body-budget.ts';
import { encode } from './encode.testing.ts';
import { inflateBody } from './inflate.ts';
import { post, request, span, startIngest, type TestIngest } from './ingest.testing.ts';
import { Refusal } from './refusal.ts';

const mebibyte = 1024 * 1024;
const text = Buffer.from('the same words again and again. '.repeat(5_000));

const ways = [
  ['gzip', 'gzip', gzipSync],
  ['zstd', 'zstd', zstdCompressSync],
  ['deflate', 'deflate', deflateSync],
  ['deflate without its header', 'deflate', deflateRawSync],
] as const;

function startBudget(heldBytes = 100 * mebibyte): BodyBudget {
  return createBodyBudget({ heldBytes, requests: 10 });
}

async function refusalOf(task: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await task.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Refusal) return error;
  throw new Error('was not refused', { cause: error });
}

describe.each(ways)('%s', (_, encoding, compress) => {
  test('what was compressed comes back, and no more stays reserved than it holds', async () => {
    const budget = startBudget();
    const inflated = await inflateBody(compress(text), encoding, mebibyte, budget.open());
    expect(inflated.equals(text)).toBe(true);
    expect(budget.heldBytes()).toBe(text.length);
  });

  test('nothing at all, compressed, comes back as nothing', async () => {
    const body = compress(Buffer.alloc(0));
    expect(await inflateBody(body, encoding, mebibyte, startBudget().open())).toHaveLength(0);
  });

  test('a body of exactly the limit is taken, and one byte more is not', async () => {
    const open = () => startBudget().open();
    const body = compress(text);
    expect(await inflateBody(body, encoding, text.length, open())).toHaveLength(text.length);
    const refusal = await refusalOf(inflateBody(body, encoding, text.length - 1, open()));
    expect(refusal.message).toContain(`larger than ${text.length - 1} bytes after inflating`);
  });

  test('a bomb is stopped at the limit, and little of it is ever in memory', async () => {
    const bomb = compress(Buffer.alloc(512 * mebibyte));
    const before = process.memoryUsage().arrayBuffers;
    const refusal = await refusalOf(
      inflateBody(bomb, encoding, 4 * mebibyte, startBudget().open()),
    );
    expect(refusal.reason).toBe('too_large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * mebibyte);
  });

  test.each([
    ['cut short', compress(text).subarray(0, 40)],
    ['empty', Buffer.alloc(0)],
    ['something else', Buffer.from('{"resourceSpans":[]}')],
  ])('a body that is %s is malformed', async (_, body) => {
    const refusal = await refusalOf(inflateBody(body, encoding, mebibyte, startBudget().open()));
    expect(refusal.reason).toBe('malformed');
    expect(refusal.message).toBe(`The body is not valid ${encoding}.`);
  });

  test('whatever bytes come, the answer is bytes or a refusal', async () => {
    const bytes = uint8Array({ maxLength: 300 });
    await assert(
      asyncProperty(bytes, async (body) => {
        const task = inflateBody(Buffer.from(body), encoding, mebibyte, startBudget().open());
        const result = await task.catch((error: unknown) => error);
        expect(Buffer.isBuffer(result) || result instanceof Refusal).toBe(true);
      }),
    );
  });
});

test('a gzip that says it is small, and is not, is inflated whole', async () => {
  const body = gzipSync(text);
  const several = Buffer.concat([body, gzipSync(Buffer.from('x'))]);
  const budget = startBudget();
  expect(await inflateBody(several, 'gzip', mebibyte, budget.open())).toHaveLength(text.length + 1);
  expect(budget.heldBytes()).toBe(text.length + 1);
});

test('zeros after a gzip are padding, other bytes are malformed', async () => {
  const body = gzipSync(text);
  const padded = Buffer.concat([body, Buffer.alloc(10)]);
  expect(await inflateBody(padded, 'gzip', mebibyte, startBudget().open())).toHaveLength(
    text.length,
  );
  const followed = Buffer.concat([body, Buffer.from('more')]);
  const refusal = await refusalOf(inflateBody(followed, 'gzip', mebibyte, startBudget().open()));
  expect(refusal.reason).toBe('malformed');
});

test('zstd of several frames, and one that does not tell its size, are inflated whole', async () => {
  const frame = zstdCompressSync(text, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
  const both = Buffer.concat([frame, zstdCompressSync(Buffer.from('x'))]);
  const inflated = await inflateBody(both, 'zstd', mebibyte, startBudget().open());
  expect(inflated).toHaveLength(text.length + 1);
});

test('bytes after zstd that are no frame are malformed', async () => {
  const body = Buffer.concat([zstdCompressSync(text), Buffer.from('more')]);
  const refusal = await refusalOf(inflateBody(body, 'zstd', mebibyte, startBudget().open()));
  expect(refusal.reason).toBe('malformed');
});

test('a zstd bomb of many frames is stopped at the limit', async () => {
  const frame = zstdCompressSync(Buffer.alloc(mebibyte));
  const body = Buffer.concat(Array.from({ length: 100 }, () => frame));
  const task = inflateBody(body, 'zstd', 4 * mebibyte, startBudget().open());
  expect((await refusalOf(task)).reason).toBe('too_large');
});

test('zstd that wants a window larger than 8 MiB is refused before it has one', async () => {
  const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 };
  const body = zstdCompressSync(Buffer.alloc(20 * mebibyte, 'window'), { params });
  const refusal = await refusalOf(inflateBody(body, 'zstd', 64 * mebibyte, startBudget().open()));
  expect(refusal.reason).toBe('malformed');
});

test('what a body says it will hold is reserved before it is inflated', async () => {
  const budget = startBudget(2 * mebibyte);
  const neighbour = budget.open();
  neighbour.take(1.5 * mebibyte);
  const claims = gzipSync(Buffer.alloc(mebibyte), { level: 9 } satisfies ZlibOptions);
  const share = budget.open();
  const refusal = await refusalOf(inflateBody(claims, 'gzip', 64 * mebibyte, share));
  expect(refusal.reason).toBe('overload');
  share.giveBack();
  expect(budget.heldBytes()).toBe(1.5 * mebibyte);
});

test.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const)(
  '%s that says it is too large is refused before room is made for it',
  async (encoding, compress) => {
    const budget = startBudget(mebibyte);
    budget.open().take(0.9 * mebibyte);
    const task = inflateBody(
      compress(Buffer.alloc(3 * mebibyte)),
      encoding,
      2 * mebibyte,
      budget.open(),
    );
    expect((await refusalOf(task)).reason).toBe('too_large');
  },
);

test('a tiny body that claims gigabytes reserves no more than it can hold', async () => {
  const body = gzipSync(Buffer.from('x'));
  body.writeUInt32LE(0xfffffff0, body.length - 4);
  const budget = startBudget(mebibyte);
  budget.open().take(0.9 * mebibyte);
  const refusal = await refusalOf(inflateBody(body, 'gzip', 64 * mebibyte, budget.open()));
  expect(refusal.reason).toBe('malformed');
});

describe('through the route', () => {
  const good = request([span(1)]);
  const headers = (encoding: string) => ({ 'content-encoding': encoding });
  const send = (ingest: TestIngest, body: Buffer, encoding: string) =>
    post(ingest, new Uint8Array(body), headers(encoding));

  test.each(ways)('D4 %s is inflated', async (_, encoding, compress) => {
    const ingest = startIngest();
    const body = compress(encode(good, 'application/x-protobuf'));
    expect((await send(ingest, body, encoding)).status).toBe(200);
    expect(ingest.spans).toHaveLength(1);
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)(
    'D5 a %s bomb of 1000:1 is 413 and its neighbour is stored',
    async (encoding, compress) => {
      const ingest = startIngest();
      const bomb = compress(Buffer.alloc(256 * mebibyte));
      const [bombed, neighbour] = await Promise.all([
        send(ingest, bomb, encoding),
        send(ingest, compress(encode(good, 'application/x-protobuf')), encoding),
      ]);
      expect([bombed.status, neighbour.status]).toEqual([413, 200]);
      expect(ingest.refused).toEqual([['too_large', 1]]);
    },
  );
});
