import type { MuteTiming } from '../../contract.ts';
import { checkTimeZone } from '../routing/muted.ts';

/** Sentences that begin with the field; none = it can be used. */
export function checkMuteTiming({ timeZone, intervals }: MuteTiming): string[] {
  const wrongZone = checkTimeZone(timeZone);
  return [
    ...(wrongZone === null ? [] : [`timeZone: ${wrongZone}`]),
    ...intervals.flatMap(({ from, to, days }, place) => [
      ...(from === to
        ? [`intervals.${place}.to: this lasts no time. Write 00:00 to 24:00 for the whole day.`]
        : []),
      ...(from === '24:00' ? [`intervals.${place}.from: write 00:00 of the next day.`] : []),
      ...(days.includes(0)
        ? [`intervals.${place}.days: days of a month are 1 to 31, or -1 for the last.`]
        : []),
    ]),
  ];
}
