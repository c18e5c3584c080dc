/** Every kind of finding with its labelled runs. */
import type { Corpus } from '../../src/analysis/detectors/corpus.testing.ts';
import { truth as loop } from './loop/truth.ts';
import { tune as loopTune } from './loop/tune.ts';

export const corpora: readonly Corpus[] = [{ kind: 'loop', truth: loop, tune: loopTune }];
