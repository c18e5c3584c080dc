/** Every detector there is; the order is that of the documentation. */
import type { Detector } from './detector.ts';
import { loopDetector } from './loop.ts';
import { retryAmplificationDetector } from './retry-amplification.ts';
import { errorEscalationDetector } from './error-escalation.ts';
import { missingErrorBoundaryDetector } from './missing-error-boundary.ts';
import { stragglerDetector } from './straggler.ts';
import { synchronousWaterfallDetector } from './synchronous-waterfall.ts';
import { godAgentDetector } from './god-agent.ts';
import { overOrchestrationDetector } from './over-orchestration.ts';
import { chattyHandoffsDetector } from './chatty-handoffs.ts';
import { handoffRefusedDetector } from './handoff-refused.ts';
import { handoffBouncedDetector } from './handoff-bounced.ts';
import { deadlockDetector } from './deadlock.ts';
import { conflictingWritesDetector } from './conflicting-writes.ts';
import { poisonMessageDetector } from './poison-message.ts';
import { supervisorSaturationDetector } from './supervisor-saturation.ts';
import { planDeviationDetector } from './plan-deviation.ts';
import { compensationGapDetector } from './compensation-gap.ts';
import { budgetExhaustedDetector } from './budget-exhausted.ts';
import { contextBloatDetector } from './context-bloat.ts';
import { repeatedPromptDetector } from './repeated-prompt.ts';
import { slowFirstTokenDetector } from './slow-first-token.ts';
import { abandonedRunDetector } from './abandoned-run.ts';

/** Names of thresholds are checked where a detector is defined; here they are any. */
export const allDetectors: readonly Detector[] = [
  loopDetector,
  retryAmplificationDetector,
  errorEscalationDetector,
  missingErrorBoundaryDetector,
  stragglerDetector,
  synchronousWaterfallDetector,
  godAgentDetector,
  overOrchestrationDetector,
  chattyHandoffsDetector,
  handoffRefusedDetector,
  handoffBouncedDetector,
  deadlockDetector,
  conflictingWritesDetector,
  poisonMessageDetector,
  supervisorSaturationDetector,
  planDeviationDetector,
  compensationGapDetector,
  budgetExhaustedDetector,
  contextBloatDetector,
  repeatedPromptDetector,
  slowFirstTokenDetector,
  abandonedRunDetector,
];
