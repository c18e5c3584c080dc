/** Every kind of finding with its labelled runs. */
import type { Corpus } from '../../src/analysis/detectors/corpus.testing.ts';
import { heldOut as abandonedRunHeldOut } from './abandoned_run/heldout.ts';
import { truth as abandonedRun } from './abandoned_run/truth.ts';
import { tune as abandonedRunTune } from './abandoned_run/tune.ts';
import { heldOut as budgetExhaustedHeldOut } from './budget_exhausted/heldout.ts';
import { truth as budgetExhausted } from './budget_exhausted/truth.ts';
import { tune as budgetExhaustedTune } from './budget_exhausted/tune.ts';
import { heldOut as chattyHandoffsHeldOut } from './chatty_handoffs/heldout.ts';
import { truth as chattyHandoffs } from './chatty_handoffs/truth.ts';
import { tune as chattyHandoffsTune } from './chatty_handoffs/tune.ts';
import { heldOut as compensationGapHeldOut } from './compensation_gap/heldout.ts';
import { truth as compensationGap } from './compensation_gap/truth.ts';
import { tune as compensationGapTune } from './compensation_gap/tune.ts';
import { heldOut as conflictingWritesHeldOut } from './conflicting_writes/heldout.ts';
import { truth as conflictingWrites } from './conflicting_writes/truth.ts';
import { tune as conflictingWritesTune } from './conflicting_writes/tune.ts';
import { heldOut as contextBloatHeldOut } from './context_bloat/heldout.ts';
import { truth as contextBloat } from './context_bloat/truth.ts';
import { tune as contextBloatTune } from './context_bloat/tune.ts';
import { heldOut as deadlockHeldOut } from './deadlock/heldout.ts';
import { truth as deadlock } from './deadlock/truth.ts';
import { tune as deadlockTune } from './deadlock/tune.ts';
import { heldOut as errorEscalationHeldOut } from './error_escalation/heldout.ts';
import { truth as errorEscalation } from './error_escalation/truth.ts';
import { tune as errorEscalationTune } from './error_escalation/tune.ts';
import { heldOut as godAgentHeldOut } from './god_agent/heldout.ts';
import { truth as godAgent } from './god_agent/truth.ts';
import { tune as godAgentTune } from './god_agent/tune.ts';
import { heldOut as handoffBouncedHeldOut } from './handoff_bounced/heldout.ts';
import { truth as handoffBounced } from './handoff_bounced/truth.ts';
import { tune as handoffBouncedTune } from './handoff_bounced/tune.ts';
import { heldOut as handoffRefusedHeldOut } from './handoff_refused/heldout.ts';
import { truth as handoffRefused } from './handoff_refused/truth.ts';
import { tune as handoffRefusedTune } from './handoff_refused/tune.ts';
import { heldOut as loopHeldOut } from './loop/heldout.ts';
import { truth as loop } from './loop/truth.ts';
import { tune as loopTune } from './loop/tune.ts';
import { heldOut as missingErrorBoundaryHeldOut } from './missing_error_boundary/heldout.ts';
import { truth as missingErrorBoundary } from './missing_error_boundary/truth.ts';
import { tune as missingErrorBoundaryTune } from './missing_error_boundary/tune.ts';
import { heldOut as overOrchestrationHeldOut } from './over_orchestration/heldout.ts';
import { truth as overOrchestration } from './over_orchestration/truth.ts';
import { tune as overOrchestrationTune } from './over_orchestration/tune.ts';
import { heldOut as planDeviationHeldOut } from './plan_deviation/heldout.ts';
import { truth as planDeviation } from './plan_deviation/truth.ts';
import { tune as planDeviationTune } from './plan_deviation/tune.ts';
import { heldOut as poisonMessageHeldOut } from './poison_message/heldout.ts';
import { truth as poisonMessage } from './poison_message/truth.ts';
import { tune as poisonMessageTune } from './poison_message/tune.ts';
import { heldOut as repeatedPromptHeldOut } from './repeated_prompt/heldout.ts';
import { truth as repeatedPrompt } from './repeated_prompt/truth.ts';
import { tune as repeatedPromptTune } from './repeated_prompt/tune.ts';
import { heldOut as retryAmplificationHeldOut } from './retry_amplification/heldout.ts';
import { truth as retryAmplification } from './retry_amplification/truth.ts';
import { tune as retryAmplificationTune } from './retry_amplification/tune.ts';
import { heldOut as slowFirstTokenHeldOut } from './slow_first_token/heldout.ts';
import { truth as slowFirstToken } from './slow_first_token/truth.ts';
import { tune as slowFirstTokenTune } from './slow_first_token/tune.ts';
import { heldOut as stragglerHeldOut } from './straggler/heldout.ts';
import { truth as straggler } from './straggler/truth.ts';
import { tune as stragglerTune } from './straggler/tune.ts';
import { heldOut as supervisorSaturationHeldOut } from './supervisor_saturation/heldout.ts';
import { truth as supervisorSaturation } from './supervisor_saturation/truth.ts';
import { tune as supervisorSaturationTune } from './supervisor_saturation/tune.ts';
import { heldOut as synchronousWaterfallHeldOut } from './synchronous_waterfall/heldout.ts';
import { truth as synchronousWaterfall } from './synchronous_waterfall/truth.ts';
import { tune as synchronousWaterfallTune } from './synchronous_waterfall/tune.ts';

export const corpora: readonly Corpus[] = [
  { kind: 'loop', truth: loop, tune: loopTune, heldOut: loopHeldOut },
  {
    kind: 'retry_amplification',
    truth: retryAmplification,
    tune: retryAmplificationTune,
    heldOut: retryAmplificationHeldOut,
  },
  {
    kind: 'error_escalation',
    truth: errorEscalation,
    tune: errorEscalationTune,
    heldOut: errorEscalationHeldOut,
  },
  {
    kind: 'missing_error_boundary',
    truth: missingErrorBoundary,
    tune: missingErrorBoundaryTune,
    heldOut: missingErrorBoundaryHeldOut,
  },
  { kind: 'straggler', truth: straggler, tune: stragglerTune, heldOut: stragglerHeldOut },
  {
    kind: 'synchronous_waterfall',
    truth: synchronousWaterfall,
    tune: synchronousWaterfallTune,
    heldOut: synchronousWaterfallHeldOut,
  },
  { kind: 'god_agent', truth: godAgent, tune: godAgentTune, heldOut: godAgentHeldOut },
  {
    kind: 'over_orchestration',
    truth: overOrchestration,
    tune: overOrchestrationTune,
    heldOut: overOrchestrationHeldOut,
  },
  {
    kind: 'chatty_handoffs',
    truth: chattyHandoffs,
    tune: chattyHandoffsTune,
    heldOut: chattyHandoffsHeldOut,
  },
  {
    kind: 'handoff_refused',
    truth: handoffRefused,
    tune: handoffRefusedTune,
    heldOut: handoffRefusedHeldOut,
  },
  {
    kind: 'handoff_bounced',
    truth: handoffBounced,
    tune: handoffBouncedTune,
    heldOut: handoffBouncedHeldOut,
  },
  { kind: 'deadlock', truth: deadlock, tune: deadlockTune, heldOut: deadlockHeldOut },
  {
    kind: 'conflicting_writes',
    truth: conflictingWrites,
    tune: conflictingWritesTune,
    heldOut: conflictingWritesHeldOut,
  },
  {
    kind: 'poison_message',
    truth: poisonMessage,
    tune: poisonMessageTune,
    heldOut: poisonMessageHeldOut,
  },
  {
    kind: 'supervisor_saturation',
    truth: supervisorSaturation,
    tune: supervisorSaturationTune,
    heldOut: supervisorSaturationHeldOut,
  },
  {
    kind: 'plan_deviation',
    truth: planDeviation,
    tune: planDeviationTune,
    heldOut: planDeviationHeldOut,
  },
  {
    kind: 'compensation_gap',
    truth: compensationGap,
    tune: compensationGapTune,
    heldOut: compensationGapHeldOut,
  },
  {
    kind: 'budget_exhausted',
    truth: budgetExhausted,
    tune: budgetExhaustedTune,
    heldOut: budgetExhaustedHeldOut,
  },
  {
    kind: 'context_bloat',
    truth: contextBloat,
    tune: contextBloatTune,
    heldOut: contextBloatHeldOut,
  },
  {
    kind: 'repeated_prompt',
    truth: repeatedPrompt,
    tune: repeatedPromptTune,
    heldOut: repeatedPromptHeldOut,
  },
  {
    kind: 'slow_first_token',
    truth: slowFirstToken,
    tune: slowFirstTokenTune,
    heldOut: slowFirstTokenHeldOut,
  },
  {
    kind: 'abandoned_run',
    truth: abandonedRun,
    tune: abandonedRunTune,
    heldOut: abandonedRunHeldOut,
  },
];
