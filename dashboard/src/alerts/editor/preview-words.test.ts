import { expect, test } from 'vitest';
import { previewSentence, rangeWords, wholeRange } from './preview-words.ts';

const sums = { episodeCount: 3, firingMinutes: 41, messageCount: 14, messagesPerDay: 2 };

test.each([
  [{}, 'Would have fired 3 times in 7 days, 41 minutes in all, about 2 messages a day.'],
  [
    { episodeCount: 1, firingMinutes: 0.4, messageCount: 2, messagesPerDay: 0.28 },
    'Would have fired once in 7 days, 1 minute in all, 2 messages altogether.',
  ],
  [{ messageCount: 0 }, 'Would have fired 3 times in 7 days, 41 minutes in all, no messages.'],
  [
    { episodeCount: 1200, firingMinutes: 9000, messagesPerDay: 342.9 },
    'Would have fired 1,200 times in 7 days, 9,000 minutes in all, about 343 messages a day.',
  ],
  [{ episodeCount: 0 }, 'Would not have fired in 7 days.'],
])('%j', (more, sentence) => {
  expect(previewSentence({ ...sums, ...more }, rangeWords(wholeRange))).toBe(sentence);
});
