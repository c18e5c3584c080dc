/** The instrumentation scope of our spans and metrics. A test keeps the version equal to package.json. */
export const scopeName = '@orchescope/sdk';
export const version = '0.1.0';
