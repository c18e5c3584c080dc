import { defineConfig } from 'vitest/config';

/** What is set for a whole process outlives a file there: hooks of OpenTelemetry, patched frameworks. */
const needsItsOwnProcess = ['sdk/src/**/*.test.ts', 'examples/**/*.test.ts'];
const sharesAProcess = [
  '{collector,dashboard}/src/**/*.test.ts',
  'dashboard/e2e/**/*.test.ts',
  'bench/**/*.test.ts',
  'scripts/**/*.test.ts',
];

export default defineConfig({
  test: {
    // Many tests wait for engines and browsers: on two cores a few more than cores are fastest.
    maxWorkers: 5,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A condition may take its time on a busy machine; one that never comes true fails all the same.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      { extends: true, test: { name: 'apart', include: needsItsOwnProcess } },
      // A third of the time of these went into starting processes and loading the server into each.
      { extends: true, test: { name: 'together', include: sharesAProcess, isolate: false } },
    ],
  },
});
