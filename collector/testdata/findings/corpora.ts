/** Every kind of finding with its labelled runs. */
import type { Corpus } from '../../src/analysis/detectors/corpus.testing.ts';

export const corpora: readonly Corpus[] = [
];
