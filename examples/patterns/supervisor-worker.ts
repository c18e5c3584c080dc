/**
 * A supervisor and a worker: the worker drafts, the supervisor reviews, and what it objects to goes back.
 *
 * The number of attempts is bounded. When the last draft is not good enough either, the best one is delivered and
 * marked as such: work that was paid for is not thrown away.
 *
 * You will see the supervisor's agent span around everything: attempts with the worker inside, each linked `retries` to
 * the one before, and a `review` after each. The events `review` carry verdict, score and feedback; `retry` says
 * `with_context`, because the feedback is in the next prompt. The second run ends partial.
 */
import { init, run, type Carrier } from '@orchescope/sdk';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'supervisor-worker' });

type Review = { readonly score: number; readonly feedback: string };
type Draft = { readonly text: string; readonly review: Review };
type Delivered = Draft & { readonly approved: boolean };

const attemptsAtMost = 3;
const goodEnough = 0.8;

/** Writes better when it is told what was missing; it has no sources whatever it is told. */
const write = createFakeModel((prompt) => {
  const known = ['price', 'deadline'].filter((topic) => prompt.includes(`add the ${topic}`));
  return ['An offer', ...known.map((topic) => `its ${topic}`)].join(', ');
});

const judge = createFakeModel((prompt) => {
  const [wanted = '', text = ''] = prompt.split(' | ');
  const missing = wanted.split(', ').filter((topic) => !text.includes(topic));
  const score = 1 - missing.length / 4;
  return JSON.stringify({ score, feedback: missing.map((topic) => `add the ${topic}`).join(', ') });
}, 'gpt-5');

const supervise = (wanted: string): Promise<Delivered> =>
  run({ kind: 'workflow', name: 'write-offer', pattern: 'supervisor' }, (op) =>
    run({ kind: 'agent', name: 'editor', role: 'supervisor' }, async () => {
      const drafts: Draft[] = [];
      let feedback = '';
      let previous: Carrier | undefined;
      for (let attempt = 1; attempt <= attemptsAtMost; attempt++) {
        const links = previous ? [{ to: previous, rel: 'retries' as const }] : [];
        const place = { attempt, of: attemptsAtMost };
        const text = await run(
          { kind: 'step', name: 'draft', type: 'attempt', ...place, links },
          (step) => {
            previous = step.carrier();
            return run({ kind: 'agent', name: 'writer', role: 'worker' }, () =>
              write(`Write an offer. ${feedback}`),
            );
          },
        );
        const review = await reviewDraft(wanted, text);
        drafts.push({ text, review });
        if (review.score >= goodEnough) return { text, review, approved: true };
        feedback = [feedback, review.feedback].join(' ');
        if (attempt < attemptsAtMost)
          op.emit({
            type: 'retry',
            attempt,
            max: attemptsAtMost,
            reason: review.feedback,
            withContext: true,
          });
      }
      op.set({ outcome: 'partial', reason: `not approved after ${attemptsAtMost} attempts` });
      return { ...bestOf(drafts), approved: false };
    }),
  );

const reviewDraft = (wanted: string, text: string): Promise<Review> =>
  run({ kind: 'step', name: 'review', type: 'review' }, async (op) => {
    const review = JSON.parse(await judge(`${wanted} | ${text}`)) as Review;
    const verdict = review.score >= goodEnough ? 'approved' : 'revise';
    op.emit({ type: 'review', verdict, ...review });
    return review;
  });

const bestOf = (drafts: readonly Draft[]): Draft =>
  drafts.reduce((best, draft) => (draft.review.score > best.review.score ? draft : best));

console.log(await supervise('price, deadline'));
console.log(await supervise('price, deadline, sources'));
