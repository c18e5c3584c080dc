import type { Evaluation } from '../../log-record.ts';
import type { AttributeValue, Attributes } from '../../span.ts';
import { readText } from '../dialects/readers.ts';
import { cutText, maxAttributeBytes, maxNameBytes, type Cuts } from '../to-span/limits.ts';

/** `gen_ai.evaluation.result`. */
export function readEvaluation(attributes: Attributes, cuts: Cuts): Evaluation {
  const text = (key: string, maxBytes: number): string =>
    cutText(readText(attributes.get(key) ?? null) ?? '', maxBytes, cuts);
  return {
    name: text('gen_ai.evaluation.name', maxNameBytes),
    score: readScore(attributes.get('gen_ai.evaluation.score.value')),
    label: text('gen_ai.evaluation.score.label', maxNameBytes),
    explanation: text('gen_ai.evaluation.explanation', maxAttributeBytes),
  };
}

/** Of any sign. JavaScript writes 1.0 as an int, and others write numbers as text. */
function readScore(value: AttributeValue | undefined): number | null {
  if (typeof value === 'boolean') return Number(value);
  const isNumeric = ['number', 'bigint'].includes(typeof value) || isNumberText(value);
  const score = isNumeric ? Number(value) : Number.NaN;
  return Number.isFinite(score) ? score : null;
}

function isNumberText(value: AttributeValue | undefined): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
