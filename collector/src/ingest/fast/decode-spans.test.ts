/** The one pass gives, cell by cell, what the general way gives. */
import { expect, test } from 'vitest';
import { createBatch } from '../../store/native/batch.ts';
import { encode } from '../encode.testing.ts';
import { fixtureNames, readFixture } from '../fixtures.testing.ts';
import { generalWay, onePass } from './both-ways.testing.ts';

const batch = createBatch();

function toBody(name: string): Buffer {
  return Buffer.from(encode(readFixture(name), 'application/x-protobuf'));
}

test.each(fixtureNames)('%s', (name) => {
  const body = toBody(name);
  expect(onePass(body, batch)).toEqual(generalWay(body));
});
