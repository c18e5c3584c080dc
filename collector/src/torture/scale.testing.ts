/** The same tests for everybody, and at full length for who has an hour: `npm run test:long` sets ORCHESCOPE_TEST_LONG. */
const isLong = (process.env['ORCHESCOPE_TEST_LONG'] ?? '') !== '';
const minuteMs = 60_000;
/** What only a machine that does nothing else can be held to. */
const patientMs = 30_000;

export const scale = isLong
  ? {
      serverKills: 100,
      engineKills: 30,
      storeAwayMs: 10 * minuteMs,
      logBytes: 1024 ** 3,
      stops: 10,
      diskFills: 5,
      readyLimitMs: 5_000,
      stopLimitMs: 10_000,
      resumeLimitMs: 10_000,
      limitMs: 40 * minuteMs,
    }
  : {
      serverKills: 5,
      engineKills: 2,
      storeAwayMs: 5_000,
      logBytes: 24 * 1024 ** 2,
      stops: 1,
      diskFills: 1,
      readyLimitMs: patientMs,
      stopLimitMs: patientMs,
      resumeLimitMs: patientMs,
      limitMs: 3 * minuteMs,
    };
