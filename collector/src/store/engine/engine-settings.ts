/** What the engine does in the background, and with how much memory: a file for it, since defaults of tables have no arguments. */
import { writeFileSync } from 'node:fs';

/** Merges at once. Each holds some hundred megabytes, and there is a processor less for the inserts. */
const mergePoolSize = 2;

/** For every table that does not say otherwise. */
const tableDefaults = {
  // Column by column: all at once, a table of sixty columns holds 400 MB of buffers, and takes a third longer.
  vertical_merge_algorithm_min_rows_to_activate: 1,
  // For each part of content a merge holds 45 MB; by default it may take a hundred of them when many wait.
  max_parts_to_merge_at_once: 8,
};

const settings = {
  background_pool_size: mergePoolSize,
  background_merges_mutations_concurrency_ratio: 1,
  mark_cache_size: 256 * 1024 * 1024,
  merge_tree: tableDefaults,
};

type Settings = { readonly [name: string]: number | Settings };

/** @param path of a file that the engine reads while it starts */
export function writeEngineSettings(path: string, memoryLimitBytes: number): void {
  const all = { ...settings, max_server_memory_usage: memoryLimitBytes };
  writeFileSync(path, `<clickhouse>${toXml(all)}</clickhouse>\n`);
}

function toXml(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      const inner = typeof value === 'number' ? String(value) : toXml(value);
      return `<${name}>${inner}</${name}>`;
    })
    .join('');
}
