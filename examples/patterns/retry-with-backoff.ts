/**
 * Retry with exponential backoff and jitter: again, but later each time and not all at once.
 *
 * A call that failed for a passing reason is tried again, each time after twice the wait, with a random part so that
 * many callers do not come back at the same moment. An error that no retry can cure is not retried.
 *
 * You will see three agents. `forecaster` succeeds at its fourth attempt: every attempt is a step linked `retries` to
 * the one before it, every wait a step `backoff`, and each decision to try again an event `retry` on the agent.
 * `auditor` fails at once, its key is wrong. `reporter` gives up after four attempts.
 */
import { emit, init, run, type Carrier } from '@orchescope/sdk';
import { createRandom } from '../demo/random.ts';
import { createVirtualClock } from './virtual-clock.ts';

init({ serviceName: 'retry-with-backoff' });

const clock = createVirtualClock();
const random = createRandom(7);

class ProviderError extends Error {
  readonly code: string;
  /** What the provider's Retry-After header said. */
  readonly retryAfterMs: number | undefined;

  constructor(code: 'overloaded' | 'rate_limited' | 'unauthorized', retryAfterMs?: number) {
    super(`the provider answered: ${code}`);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

type Failure = ConstructorParameters<typeof ProviderError>;
type Policy = { readonly attempts: number; readonly baseMs: number; readonly capMs: number };
const policy: Policy = { attempts: 4, baseMs: 200, capMs: 5_000 };

/** Half of the wait is certain, half is drawn; the server knows better than we when it says how long. */
function backoffMs(attempt: number, { baseMs, capMs }: Policy, error: ProviderError): number {
  const fullMs = Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return Math.max(Math.round(fullMs / 2 + (random.next() * fullMs) / 2), error.retryAfterMs ?? 0);
}

async function withRetry<T>(call: () => Promise<T>): Promise<T> {
  let previous: Carrier | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      const links = previous ? [{ to: previous, rel: 'retries' as const }] : [];
      return await run({ kind: 'step', name: 'try', type: 'attempt', attempt, links }, (op) => {
        previous = op.carrier();
        return call();
      });
    } catch (error) {
      const passing = error instanceof ProviderError && error.code !== 'unauthorized';
      if (!passing || attempt === policy.attempts) throw error;
      const delayMs = backoffMs(attempt, policy, error);
      emit({ type: 'retry', attempt, max: policy.attempts, delayMs, reason: error.code });
      await run({ kind: 'step', name: 'backoff', type: 'backoff' }, () => clock.sleep(delayMs));
    }
  }
}

/** A provider that fails in these ways, one a call, and answers when there are none left. */
function createProvider(errors: readonly Failure[]): () => Promise<string> {
  const waiting = [...errors];
  return () =>
    run({ kind: 'llm', name: 'ask', provider: 'openai', model: 'gpt-5-mini' }, async (op) => {
      await clock.sleep(80);
      const failure = waiting.shift();
      if (failure) throw new ProviderError(...failure);
      op.set({ usage: { inputTokens: 310, outputTokens: 42 } });
      return 'sunny';
    });
}

async function ask(agent: string, ...failures: readonly Failure[]): Promise<void> {
  const provider = createProvider(failures);
  const startedMs = clock.now();
  const said = await run({ kind: 'agent', name: agent }, () => withRetry(provider)).catch(
    (error: Error) => `gave up, ${error.message}`,
  );
  console.log(`${agent}: ${said}, after ${clock.now() - startedMs} ms`);
}

const overloaded: Failure = ['overloaded'];
await run({ kind: 'workflow', name: 'morning-briefing' }, async (op) => {
  await ask('forecaster', overloaded, ['rate_limited', 1_000], overloaded);
  await ask('auditor', ['unauthorized']);
  await ask('reporter', overloaded, overloaded, overloaded, overloaded);
  op.set({ outcome: 'partial' });
});
