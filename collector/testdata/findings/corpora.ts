/** Every kind of finding with its labelled runs. */
import type { Corpus } from '../../src/analysis/detectors/corpus.testing.ts';
import { truth as abandonedRun } from './abandoned_run/truth.ts';
import { tune as abandonedRunTune } from './abandoned_run/tune.ts';
import { truth as budgetExhausted } from './budget_exhausted/truth.ts';
import { tune as budgetExhaustedTune } from './budget_exhausted/tune.ts';
import { truth as chattyHandoffs } from './chatty_handoffs/truth.ts';
import { tune as chattyHandoffsTune } from './chatty_handoffs/tune.ts';
import { truth as compensationGap } from './compensation_gap/truth.ts';
import { tune as compensationGapTune } from './compensation_gap/tune.ts';
import { truth as conflictingWrites } from './conflicting_writes/truth.ts';
import { tune as conflictingWritesTune } from './conflicting_writes/tune.ts';
import { truth as contextBloat } from './context_bloat/truth.ts';
import { tune as contextBloatTune } from './context_bloat/tune.ts';
import { truth as deadlock } from './deadlock/truth.ts';
import { tune as deadlockTune } from './deadlock/tune.ts';
import { truth as errorEscalation } from './error_escalation/truth.ts';
import { tune as errorEscalationTune } from './error_escalation/tune.ts';
import { truth as handoffBounced } from './handoff_bounced/truth.ts';
import { tune as handoffBouncedTune } from './handoff_bounced/tune.ts';
import { truth as handoffRefused } from './handoff_refused/truth.ts';
import { tune as handoffRefusedTune } from './handoff_refused/tune.ts';
import { truth as loop } from './loop/truth.ts';
import { tune as loopTune } from './loop/tune.ts';
import { truth as missingErrorBoundary } from './missing_error_boundary/truth.ts';
import { tune as missingErrorBoundaryTune } from './missing_error_boundary/tune.ts';
import { truth as planDeviation } from './plan_deviation/truth.ts';
import { tune as planDeviationTune } from './plan_deviation/tune.ts';
import { truth as poisonMessage } from './poison_message/truth.ts';
import { tune as poisonMessageTune } from './poison_message/tune.ts';
import { truth as repeatedPrompt } from './repeated_prompt/truth.ts';
import { tune as repeatedPromptTune } from './repeated_prompt/tune.ts';
import { truth as retryAmplification } from './retry_amplification/truth.ts';
import { tune as retryAmplificationTune } from './retry_amplification/tune.ts';
import { truth as slowFirstToken } from './slow_first_token/truth.ts';
import { tune as slowFirstTokenTune } from './slow_first_token/tune.ts';

export const corpora: readonly Corpus[] = [
  { kind: 'loop', truth: loop, tune: loopTune },
  { kind: 'retry_amplification', truth: retryAmplification, tune: retryAmplificationTune },
  { kind: 'error_escalation', truth: errorEscalation, tune: errorEscalationTune },
  { kind: 'missing_error_boundary', truth: missingErrorBoundary, tune: missingErrorBoundaryTune },
  { kind: 'chatty_handoffs', truth: chattyHandoffs, tune: chattyHandoffsTune },
  { kind: 'handoff_refused', truth: handoffRefused, tune: handoffRefusedTune },
  { kind: 'handoff_bounced', truth: handoffBounced, tune: handoffBouncedTune },
  { kind: 'deadlock', truth: deadlock, tune: deadlockTune },
  { kind: 'conflicting_writes', truth: conflictingWrites, tune: conflictingWritesTune },
  { kind: 'poison_message', truth: poisonMessage, tune: poisonMessageTune },
  { kind: 'plan_deviation', truth: planDeviation, tune: planDeviationTune },
  { kind: 'compensation_gap', truth: compensationGap, tune: compensationGapTune },
  { kind: 'budget_exhausted', truth: budgetExhausted, tune: budgetExhaustedTune },
  { kind: 'context_bloat', truth: contextBloat, tune: contextBloatTune },
  { kind: 'repeated_prompt', truth: repeatedPrompt, tune: repeatedPromptTune },
  { kind: 'slow_first_token', truth: slowFirstToken, tune: slowFirstTokenTune },
  { kind: 'abandoned_run', truth: abandonedRun, tune: abandonedRunTune },
];
