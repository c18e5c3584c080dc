/** The one pass gives, cell by cell, what the general way gives. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBatch } from '../../store/native/batch.ts';
import { encode } from '../encode.testing.ts';
import { fixtureNames, readFixture } from '../fixtures.testing.ts';
import { bodyArbitrary, mutate, mutationArbitrary } from './body-arbitrary.testing.ts';
import { generalWay, onePass } from './both-ways.testing.ts';

/** One for all tests: what it remembers of one body must not harm the next. */
const batch = createBatch();

function toBody(name: string): Buffer {
  return Buffer.from(encode(readFixture(name), 'application/x-protobuf'));
}

test.each(fixtureNames)('%s', (name) => {
  const body = toBody(name);
  expect(onePass(body, batch)).toEqual(generalWay(body));
});

test('bodies aimed at the rules', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(bodyArbitrary, (body) => {
      expect(onePass(body, batch)).toEqual(generalWay(body));
    }),
    { numRuns: Number(process.env['FAST_RUNS'] ?? 400) },
  );
});

test('bodies with a few bytes changed', { timeout: 120_000 }, () => {
  const small = fixtureNames.map(toBody).filter((body) => body.length < 20_000);
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...small), bodyArbitrary),
      fc.array(mutationArbitrary, { minLength: 1, maxLength: 4 }),
      (body, mutations) => {
        const mutated = mutate(body, mutations);
        expect(onePass(mutated, batch)).toEqual(generalWay(mutated));
      },
    ),
    { numRuns: Number(process.env['FAST_RUNS'] ?? 400) },
  );
});
