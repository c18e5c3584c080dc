/** Every limit is an answer with a sentence, and is counted. */
import { describe, expect, test } from 'vitest';
import { encode, type Json } from './encode.testing.ts';
import { encodings, post, request, span, startIngest } from './ingest.testing.ts';

describe.each(encodings)('%s', (encoding) => {
  const body = (count: number) =>
    encode(request(Array.from({ length: count }, (_, n) => span(n + 1))), encoding);

  test('as many spans as one request may hold are taken, and one more is 413', async () => {
    const ingest = startIngest({ limits: { recordsPerRequest: 20 } });
    expect((await post(ingest, body(20))).status).toBe(200);
    const response = await post(ingest, body(21));
    expect(response.status).toBe(413);
    expect(await response.text()).toContain(
      'The request holds 21 records, and 20 are taken at once: send smaller batches.',
    );
    expect(ingest.refused).toEqual([['too_large', 21]]);
    expect(ingest.spans).toHaveLength(20);
  });

  test('a project that sends too fast is told when to come again, and its neighbour is stored', async () => {
    const rates = { spansPerSecond: 1, bytesPerSecond: null };
    const ingest = startIngest({ rates });
    const send = (project: string) => post(ingest, body(20), { 'orchescope-project': project });
    expect((await send('busy')).status).toBe(200);
    const refused = await send('busy');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toBe(encoding);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.text()).toContain('Project busy sends more than its 1 spans a second');
    expect((await send('quiet')).status).toBe(200);
    expect(ingest.refused).toEqual([['project_rate', 1]]);
  });

  test('bytes of a project are counted inflated', async () => {
    const ingest = startIngest({ rates: { spansPerSecond: null, bytesPerSecond: 10 } });
    expect((await post(ingest, body(1))).status).toBe(200);
    expect((await post(ingest, body(1))).status).toBe(429);
  });
});

test('a request above those that may be under way is 429, and a place is free when one is answered', async () => {
  const stored = Promise.withResolvers<void>();
  const ingest = startIngest({ limits: { requests: 1 }, commit: () => stored.promise });
  const send = () => post(ingest, JSON.stringify(request([span(1)])));
  const first = send();
  const refused = await send();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect(((await refused.json()) as { message: Json }).message).toContain(
    'More than 1 requests are under way',
  );
  stored.resolve();
  expect((await first).status).toBe(200);
  expect((await send()).status).toBe(200);
  expect(ingest.refused).toEqual([['overload', 1]]);
});
