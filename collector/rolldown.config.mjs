// One flat folder: code that finds a file beside itself (dist/sql, dist/engine.js, dist/dashboard) relies on it.
import { readFileSync } from 'node:fs';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

/** @type {import('rolldown').RolldownOptions} */
const options = {
  input: {
    cli: 'src/cli.ts',
    engine: 'src/store/engine/engine-process.ts',
    analysis: 'src/analysis/worker/analysis-thread.ts',
    contract: 'src/contract.ts',
  },
  platform: 'node',
  external,
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
  },
};

// eslint-disable-next-line import/no-default-export -- rolldown reads the default export
export default options;
