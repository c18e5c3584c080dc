import { defineConfig } from 'vitest/config';

// `build`, `store` and `browser` tests start real engines and browsers: on two cores a few at a time is fastest.
export default defineConfig({
  test: {
    include: [
      '{sdk,collector,dashboard}/src/**/*.test.ts',
      'dashboard/e2e/**/*.test.ts',
      'examples/**/*.test.ts',
      'bench/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A condition may take its time on a busy machine; one that never comes true fails all the same.
    expect: { poll: { timeout: 15_000 } },
  },
});
