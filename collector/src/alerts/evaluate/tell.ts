/** Who is told what of a rule after a round, and what was missed by those who were not told meanwhile. */
import type { Delivery } from '../delivery.ts';
import type { AlertEvent, Missed, RuleState } from '../instance.ts';
import { miss } from '../routing/miss.ts';
import { route, type RouteInput } from '../routing/route.ts';
import { unitOf } from '../settings/metric-facts.ts';
import type { RoundInput } from './due.ts';
import type { RoundParts } from './evaluate-project.ts';
import type { KeptRule } from './kept-rule.ts';
import type { Step, Stepped } from './stepped.ts';
import { isFiring } from './to-evaluation.ts';

export type Told = {
  readonly stepped: Stepped;
  readonly late: readonly AlertEvent[];
  readonly state: KeptRule['state'];
  readonly deliveries: readonly Delivery[];
};

/** Once for all windows that were caught up on: people hear of what is, and of what began and was over meanwhile. */
export async function tell(
  parts: RoundParts,
  input: RoundInput,
  stepped: Stepped,
  firingAt: (atMs?: number) => ReadonlySet<string>,
): Promise<Told> {
  const last = stepped.steps.at(-1);
  const { state } = stepped.kept;
  if (last === undefined) return { stepped, late: [], state, deliveries: [] };
  const untold = stepped.isBehind ? stepped.steps : stepped.steps.slice(0, -1);
  let missed = state?.missed ?? [];
  for (const step of untold)
    missed = await parts.turns.run(() =>
      miss(
        toRouteInput(input, stepped, step, { ended: [step], missed, firingRules: atTime(step) }),
      ),
    );
  if (stepped.isBehind)
    return { stepped, late: [], state: withMissed(last.state, missed), deliveries: [] };
  const exemplars = await parts.exemplarsOf(last.look, last.state.instances.filter(isFiring));
  const routed = await parts.turns.run(() =>
    route({
      ...toRouteInput(input, stepped, last, {
        // Also of what those heard of who were told before.
        ended: stepped.steps,
        missed,
        firingRules: firingAt(),
      }),
      exemplarsOf: (fingerprint) => exemplars.get(fingerprint) ?? [],
    }),
  );
  const late = await parts.lateEvents(last.look, last.state.instances);
  const { told, deliveries } = routed;
  return {
    stepped,
    late,
    state: withMissed({ ...last.state, told }, routed.missed),
    deliveries,
  };

  function atTime({ look }: Step): ReadonlySet<string> {
    const isAlone = look.timed.rule.inhibitedBy.length === 0;
    return isAlone ? noRules : firingAt(look.atMs);
  }
}

const noRules: ReadonlySet<string> = new Set();

function withMissed(
  { ruleHash, evaluatedAtMs, instances, told }: RuleState,
  missed: readonly Missed[],
): RuleState {
  const state = { ruleHash, evaluatedAtMs, instances, told };
  return missed.length === 0 ? state : { ...state, missed };
}

function toRouteInput(
  { projectId, settings }: RoundInput,
  { known: { rule }, timed }: Stepped,
  { look, state, overflow }: Step,
  {
    ended,
    ...context
  }: Pick<RouteInput, 'missed' | 'firingRules'> & {
    readonly ended: readonly Step[];
  },
): RouteInput {
  return {
    ...context,
    projectId,
    timed,
    unit: unitOf(rule.metric, rule.aggregation),
    instances: state.instances,
    ended: ended.flatMap(({ events }) => events.filter(({ kind }) => kind === 'resolved')),
    told: state.told,
    settings,
    overflow,
    atMs: look.atMs,
    window: look.window,
    exemplarsOf: () => [],
  };
}
