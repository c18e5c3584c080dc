import { array, assert, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { createProjectLimits, type ProjectRates } from './project-limits.ts';
import { Refusal } from './refusal.ts';

function start(rates: Record<string, Partial<ProjectRates>>) {
  const clock = { ms: 0 };
  const unlimited = { spansPerSecond: null, bytesPerSecond: null };
  const limits = createProjectLimits(
    (projectId) => ({ ...unlimited, ...rates[projectId] }),
    () => clock.ms,
  );
  return { clock, ...limits };
}

function refusalOf(run: () => void): Refusal | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

test('a project without a limit is never refused', () => {
  const { admit, charge } = start({});
  charge('any', { spans: 1e12, bytes: 1e12 });
  expect(() => admit('any')).not.toThrow();
});

test('a project that used up its spans waits until they have come back, and its neighbour does not', () => {
  const { clock, admit, charge } = start({ busy: { spansPerSecond: 100 } });
  admit('busy');
  charge('busy', { spans: 500 });
  const refusal = refusalOf(() => admit('busy'));
  expect(refusal).toMatchObject({ reason: 'project_rate', retryAfterSeconds: 3 });
  expect(refusal?.message).toContain('more than its 100 spans a second');
  expect(() => admit('quiet')).not.toThrow();
  clock.ms += 2_999;
  expect(() => admit('busy')).toThrow(Refusal);
  clock.ms += 10;
  expect(() => admit('busy')).not.toThrow();
});

test('bytes are counted as spans are, and the pause asked for is never above five seconds', () => {
  const { admit, charge } = start({ busy: { bytesPerSecond: 1_000 } });
  charge('busy', { bytes: 1_000_000 });
  const refusal = refusalOf(() => admit('busy'));
  expect(refusal).toMatchObject({ reason: 'project_rate', retryAfterSeconds: 5 });
  expect(refusal?.message).toContain('1000 bytes a second');
});

test('a raised limit counts at once', () => {
  const rates = { busy: { spansPerSecond: 10 } };
  const { clock, admit, charge } = start(rates);
  charge('busy', { spans: 1_000 });
  expect(() => admit('busy')).toThrow(Refusal);
  rates.busy.spansPerSecond = 10_000;
  clock.ms += 1_000;
  expect(() => admit('busy')).not.toThrow();
});

test('over any course of time no more is let in than the rate, the saved-up burst and one request', () => {
  const steps = array(
    record({
      waitMs: integer({ min: 0, max: 3_000 }),
      spans: integer({ min: 1, max: 400 }),
    }),
    { minLength: 1, maxLength: 200 },
  );
  assert(
    property(steps, (sequence) => {
      const { clock, admit, charge } = start({ busy: { spansPerSecond: 100 } });
      let taken = 0;
      for (const { waitMs, spans } of sequence) {
        clock.ms += waitMs;
        if (refusalOf(() => admit('busy')) !== null) continue;
        charge('busy', { spans });
        taken += spans;
      }
      expect(taken).toBeLessThanOrEqual((clock.ms / 1000) * 100 + 200 + 400);
    }),
  );
});
