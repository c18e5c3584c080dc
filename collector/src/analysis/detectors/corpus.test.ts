import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { corpora } from '../../../testdata/findings/corpora.ts';
import type { Finding } from '../../run.ts';
import { allDetectors } from './all.ts';
import { judge, score, type Verdict } from './corpus.testing.ts';

const testdata = join(import.meta.dirname, '../../../testdata/findings');

const leastPrecision = 0.98;
const leastRecall = 0.95;

test('every detector has its corpus, and every corpus its detector', () => {
  const kinds = allDetectors.map(({ kind }) => kind);
  expect(corpora.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
});

test('says how it does on what is held out, and what of it is left wrong', async () => {
  const lines = corpora.flatMap(({ kind, heldOut }) => {
    const { trueCases, lookAlikes, failures } = score(kind, heldOut);
    return [
      `${kind}: ${trueCases} faults, ${lookAlikes} look-alikes`,
      ...failures.map(describeVerdict),
    ];
  });
  await expect(lines.join('\n')).toMatchFileSnapshot(join(testdata, 'heldout.golden.txt'));
});

describe.each(corpora)('$kind', ({ kind, truth, tune, heldOut }) => {
  test('has ten true cases and ten look-alikes, and none of them twice', () => {
    const { trueCases, lookAlikes } = score(kind, truth);
    expect(trueCases).toBeGreaterThanOrEqual(10);
    expect(lookAlikes).toBeGreaterThanOrEqual(10);
    const names = [...truth, ...tune, ...heldOut].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('is precise and complete enough on what was written with it', () => {
    const { precision, recall, failures } = score(kind, truth);
    const told = failures.map(describeVerdict).join('\n');
    expect(precision, told).toBeGreaterThanOrEqual(leastPrecision);
    expect(recall, told).toBeGreaterThanOrEqual(leastRecall);
  });

  test.each(tune.map((example) => [example.name, example] as const))('%s', (_, example) => {
    const verdict = judge(kind, example);
    expect([...verdict.missed, ...verdict.wrong], describeVerdict(verdict)).toEqual([]);
  });

  test('says what a reviewer should read', async () => {
    const lines = truth.flatMap((example) => {
      const { name, found } = judge(kind, example);
      return found.length === 0 ? [] : [`# ${name}`, ...found.map(describeFinding), ''];
    });
    const golden = join(testdata, kind, 'findings.golden.txt');
    await expect(lines.join('\n')).toMatchFileSnapshot(golden);
  });

  test('every finding has evidence, a sentence and its threshold', () => {
    for (const { found } of [...truth, ...heldOut].map((example) => judge(kind, example))) {
      for (const { spans, spanCount, sentence, advice, threshold } of found) {
        expect(spans.length).toBeGreaterThan(0);
        expect(spanCount).toBeGreaterThanOrEqual(spans.length);
        for (const text of [sentence, advice]) {
          expect(text).toMatch(/^\S.*\S$/su);
          expect(text).not.toMatch(/undefined|null|NaN|Infinity|\n/);
        }
        expect(threshold.measured).not.toBeNaN();
      }
    }
  });
});

function describeVerdict({ name, missed, wrong }: Verdict): string {
  const lines = [
    ...missed.map((label) => `missed ${JSON.stringify(label)}`),
    ...wrong.map(({ variant, subject, sentence }) => `wrong ${variant} ${subject}: ${sentence}`),
  ];
  return [name, ...lines.map((line) => `  ${line}`)].join('\n');
}

function describeFinding(finding: Finding): string {
  const { severity, variant, subject, sentence, advice, waste, threshold, spanCount } = finding;
  const facts = [
    `waste ${waste.ms ?? '?'} ms, ${waste.tokens ?? '?'} tokens, ${waste.costTrillionths ?? '?'} trillionths`,
    `${threshold.name} ${threshold.measured} of ${threshold.value}`,
    `${spanCount} spans`,
  ];
  return [
    `${severity} ${variant} [${subject}]`,
    `  ${sentence}`,
    `  ${advice}`,
    `  ${facts.join('; ')}`,
  ].join('\n');
}
