import type { Finding, Threshold } from '../../run.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { toQueueLoads, type QueueLoad } from './queue-loads.ts';
import { nameOr, plural, toCount, toDuration, toFactor, toPercent } from './text.ts';
import { toFinding } from './to-finding.ts';

export const supervisorSaturationDetector = defineDetector({
  kind: 'supervisor_saturation',
  thresholds: {
    waitShare: {
      default: 0.5,
      min: 0.05,
      max: 1,
      unit: 'share',
      description: 'Part of the time from sending to done that tasks of one queue waited.',
    },
    waitMs: {
      default: 1000,
      min: 1,
      max: 86_400_000,
      unit: 'ms',
      description: 'For how long they waited in the mean.',
    },
    tasks: {
      default: 5,
      min: 2,
      max: 100_000,
      unit: 'count',
      description: 'Tasks that were taken from the queue.',
    },
    refusals: {
      default: 1,
      min: 1,
      max: 100_000,
      unit: 'count',
      description: 'Tasks that were refused because the queue was full.',
    },
    overloadedShare: {
      default: 0.8,
      min: 0.1,
      max: 1,
      unit: 'share',
      description: 'Part of the time of its workers in which they were overloaded.',
    },
  },
  detect(input, { waitShare, waitMs, tasks, refusals, overloadedShare }) {
    return toQueueLoads(input).flatMap((load) => {
      const waits = shareOfWait(load);
      const isWaiting =
        load.waitsMs.length >= tasks && waits >= waitShare && meanOf(load.waitsMs) >= waitMs;
      const overloaded = load.workerMs === 0 ? 0 : load.overloadedMs / load.workerMs;
      if (load.refusals >= refusals)
        return [
          tell(
            'refused',
            load,
            { name: 'refusals', value: refusals, measured: load.refusals },
            input,
          ),
        ];
      if (isWaiting)
        return [
          tell('waiting', load, { name: 'waitShare', value: waitShare, measured: waits }, input),
        ];
      if (load.overloadedMs >= waitMs && overloaded >= overloadedShare)
        return [
          tell(
            'overloaded',
            load,
            { name: 'overloadedShare', value: overloadedShare, measured: overloaded },
            input,
          ),
        ];
      return [];
    });
  },
});

function meanOf(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : sumOf(numbers) / numbers.length;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/** What was not seen to take time took none: then all of it is waiting, and says nothing. */
function shareOfWait({ waitsMs, servedMs }: QueueLoad): number {
  const waited = sumOf(waitsMs);
  return servedMs === 0 || waited === 0 ? 0 : waited / (waited + servedMs);
}

type Variant = 'refused' | 'waiting' | 'overloaded';

function tell(
  variant: Variant,
  load: QueueLoad,
  threshold: Threshold,
  { run }: DetectorInput,
): Finding {
  const ms = load.waitedMs;
  return toFinding({
    kind: 'supervisor_saturation',
    variant,
    severity:
      variant === 'refused' ? 'warning' : ms * 1e6 >= run.durationNs / 2 ? 'warning' : 'info',
    subject: load.name,
    sentence: `${nameOr(load.name, 'A queue')} had more to do than its workers could take: ${toParts(load).join('; ')}.`,
    advice: advice[variant],
    nodes: load.nodes,
    waste: { ms: load.waitsMs.length === 0 ? null : ms, tokens: null, costTrillionths: null },
    threshold,
  });
}

const advice: Readonly<Record<Variant, string>> = {
  refused:
    'Add workers, or send less at once: let whoever sends slow down when it is told to, and leave out what is not urgent.',
  waiting:
    'Add workers or make tasks shorter; as long as more comes in than goes out, every task waits longer than the one before.',
  overloaded:
    'Add workers, or lower what one worker takes at a time: a worker that is full all the time has nothing left for a peak.',
};

function toParts(load: QueueLoad): readonly string[] {
  const { waitsMs, servedMs, refusals, workerMs, overloadedMs } = load;
  const waited = `${plural(waitsMs.length, 'task')} waited ${toDuration(meanOf(waitsMs))} in the mean and ${toDuration(Math.max(0, ...waitsMs.slice(0, 10_000)))} at most`;
  return [
    ...(refusals === 0
      ? []
      : [`${plural(refusals, 'task')} ${refusals === 1 ? 'was' : 'were'} refused`]),
    ...(sumOf(waitsMs) === 0
      ? []
      : [
          `${waited}${servedMs === 0 ? '' : `, ${toPercent(shareOfWait(load))} of the time until they were done`}`,
        ]),
    ...ratesOf(load),
    ...(overloadedMs === 0
      ? []
      : [`workers were overloaded ${toPercent(overloadedMs / workerMs)} of the time`]),
  ];
}

/** Known where both are told: how fast tasks came, and how fast they were taken. */
function ratesOf({ arrivalsPerS, takesPerS }: QueueLoad): readonly string[] {
  if (arrivalsPerS === null || takesPerS === null || takesPerS <= 0 || arrivalsPerS <= takesPerS)
    return [];
  return [
    `they came ${toFactor(arrivalsPerS / takesPerS)} times as fast as they were taken (${rate(arrivalsPerS)} against ${rate(takesPerS)})`,
  ];
}

const rate = (perS: number): string =>
  perS >= 1 ? `${toFactor(perS)} a second` : `${toCount(Math.max(1, 60 * perS))} a minute`;
