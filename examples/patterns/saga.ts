/**
 * A saga: many actions, one outcome; what was done is undone when one of them fails.
 *
 * Every action of a booking has a compensation. When one action fails, those already done are undone in reverse order.
 * A compensation can fail too: it is retried, then handed to a person, and the others are still undone.
 *
 * You will see two runs. The first books everything. In the second the payment is refused: steps of type
 * `compensation` follow, each linked `compensates` to the action it undoes. The hotel cannot be cancelled: `retry`,
 * then `escalation`. The run ends `terminated`, with the reason. A compensation that ran is an attempt to undo, and
 * what could not be undone is in the result.
 */
import { emit, init, run, type Carrier } from '@orchescope/sdk';

init({ serviceName: 'saga' });

type Action = {
  readonly name: string;
  readonly act: () => Promise<string>;
  readonly undo: (booking: string) => Promise<void>;
};
type Done = { readonly action: Action; readonly booking: string; readonly trace: Carrier };
type Outcome =
  | { readonly status: 'booked'; readonly bookings: readonly string[] }
  | { readonly status: 'cancelled'; readonly reason: string; readonly leftOver: readonly string[] };

const undoAttempts = 2;

/** Tells whether it is undone; never throws, the remaining compensations must run. */
async function compensate({ action, booking, trace }: Done): Promise<boolean> {
  const name = `cancel ${action.name}`;
  let previous: Carrier | undefined;
  for (let attempt = 1; attempt <= undoAttempts; attempt++) {
    try {
      const links = [
        { to: trace, rel: 'compensates' as const },
        ...(previous ? [{ to: previous, rel: 'retries' as const }] : []),
      ];
      await run({ kind: 'step', name, type: 'compensation', attempt, links }, (op) => {
        previous = op.carrier();
        return action.undo(booking);
      });
      return true;
    } catch (error) {
      const reason = (error as Error).message;
      if (attempt < undoAttempts) emit({ type: 'retry', attempt, max: undoAttempts, reason });
      else emit({ type: 'escalation', to: 'travel-desk', reason });
    }
  }
  return false;
}

async function bookAll(actions: readonly Action[]): Promise<Outcome> {
  return run({ kind: 'workflow', name: 'book-trip', pattern: 'saga' }, async (op) => {
    const done: Done[] = [];
    for (const [index, action] of actions.entries()) {
      const place = { index, of: actions.length };
      try {
        await run({ kind: 'step', name: action.name, type: 'action', ...place }, async (step) => {
          done.push({ action, booking: await action.act(), trace: step.carrier() });
        });
      } catch (error) {
        const reason = `${action.name}: ${(error as Error).message}`;
        op.set({ outcome: 'terminated', reason });
        const leftOver: string[] = [];
        for (const one of done.toReversed())
          if (!(await compensate(one))) leftOver.push(one.booking);
        if (leftOver.length > 0)
          op.emit({ type: 'partial', ok: done.length - leftOver.length, failed: leftOver.length });
        return { status: 'cancelled', reason, leftOver };
      }
    }
    return { status: 'booked', bookings: done.map(({ booking }) => booking) };
  });
}

class DeclinedError extends Error {
  readonly code = 'card_declined';
}

/** An action whose booking succeeds and whose cancellation does, unless told otherwise. */
function booking(name: string, broken: { act?: Error; undo?: Error } = {}): Action {
  const answer = (error: Error | undefined, text: string) =>
    error ? Promise.reject(error) : Promise.resolve(text);
  return {
    name,
    act: () => answer(broken.act, `${name}-81`),
    undo: async (booked) => void (await answer(broken.undo, booked)),
  };
}

console.log(await bookAll([booking('flight'), booking('hotel'), booking('payment')]));
console.log(
  await bookAll([
    booking('flight'),
    booking('hotel', { undo: new TypeError('the hotel does not answer') }),
    booking('car'),
    booking('payment', { act: new DeclinedError('the card was declined') }),
  ]),
);
