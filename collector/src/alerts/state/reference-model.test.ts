import { assert, property } from 'fast-check';
import { expect, test } from 'vitest';
import { sequence, tellBoth } from './sequences.testing.ts';

const sequencesPerPart = 25_000;

test.each([1, 2, 3, 4])(
  'the machine tells and shows what its reference model does, part %i of 4',
  () => {
    assert(
      property(sequence, (one) => {
        const { model, machine } = tellBoth(one);
        expect(machine).toBe(model);
      }),
      { numRuns: sequencesPerPart },
    );
  },
  60_000,
);
