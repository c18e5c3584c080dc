/** What a rule would have done, in a sentence. */
import type { AlertPreview } from 'orchescope/contract';
import { plural } from '../../format.ts';

type Sums = Pick<
  AlertPreview,
  'episodeCount' | 'firingMinutes' | 'messageCount' | 'messagesPerDay'
>;

/**
 * "Would have fired 3 times in 7 days, 41 minutes in all, about 2 messages a day."
 * @param range e.g. `in 7 days`
 */
export function previewSentence(sums: Sums, range: string): string {
  if (sums.episodeCount === 0) return `Would not have fired ${range}.`;
  const times = sums.episodeCount === 1 ? 'once' : plural(sums.episodeCount, 'time', 'times');
  const minutes = Math.max(1, Math.round(sums.firingMinutes));
  const lasted = `${plural(minutes, 'minute', 'minutes')} in all`;
  return `Would have fired ${times} ${range}, ${lasted}, ${messages(sums)}.`;
}

function messages({ messageCount, messagesPerDay }: Sums): string {
  if (messageCount === 0) return 'no messages';
  if (messagesPerDay < 0.95) return `${plural(messageCount, 'message', 'messages')} altogether`;
  const perDay =
    messagesPerDay < 10 ? Number(messagesPerDay.toFixed(1)) : Math.round(messagesPerDay);
  return `about ${plural(perDay, 'message', 'messages')} a day`;
}

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

export type PreviewRange = { readonly from: string; readonly to: string };
export const wholeRange: PreviewRange = { from: 'now-7d', to: 'now' };

export function rangeWords({ from, to }: PreviewRange): string {
  if (from === wholeRange.from) return 'in 7 days';
  return `from ${day.format(Date.parse(from))} to ${day.format(Date.parse(to))}`;
}
