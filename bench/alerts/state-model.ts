import { assert, property } from 'fast-check';
import { parseArgs } from 'node:util';
import { sequence, tellBoth } from '../../collector/src/alerts/state/sequences.testing.ts';

/**
 * Whether the states of alerts are those of their reference model, over more random sequences than the tests take:
 * `node bench/alerts/state-model.ts [--sequences 100000] [--seed 1]`.
 */
const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const command = 'node bench/alerts/state-model.ts';
let evaluations = 0;
const before = process.cpuUsage();
assert(
  property(sequence, (one) => {
    evaluations += one.letters.length;
    const { model, machine } = tellBoth(one);
    if (model !== machine) throw new Error(`the model says ${model}, the machine ${machine}`);
  }),
  { numRuns: Number(values.sequences), seed: Number(values.seed) },
);
const { user, system } = process.cpuUsage(before);
console.log(
  `${values.sequences} sequences of ${evaluations} evaluations agree, in ${((user + system) / 1e6).toFixed(1)} s CPU | ${command}`,
);
