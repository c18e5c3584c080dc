import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createExportRoutes } from '../../collector/src/exports/routes.ts';
import { listen } from '../../collector/src/listen.ts';
import { startTestEngine } from '../../collector/src/store/engine/testing-engine.ts';
import { findSqlFolder, migrate } from '../../collector/src/store/migrate.ts';
import { Hono } from 'hono';
import { fillSessions } from './fill-sessions.ts';

/**
 * How fast the rows of a report leave as files, and with how much memory: a report by session, where every run is one.
 * The reader takes what it gets and keeps nothing. `node bench/query/export.ts [--rows 1000000] [--formats csv,json,focus,parquet]`
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    formats: { type: 'string', default: 'csv,json,focus,parquet' },
  },
});
const rows = Number(values.rows);
const running = await startTestEngine();
const client = running.connect({ request_timeout: 600_000 });
await migrate(client, findSqlFolder(), () => undefined);
await fillSessions(client, rows, Math.floor(Date.now() / 1000) - 60);

const app = new Hono();
const rates = {
  input: 3_000_000_000_000n,
  cacheRead: 300_000_000_000n,
  cacheWrite: 3_750_000_000_000n,
};
app.route(
  '/api',
  createExportRoutes({
    store: { client },
    inputPrices: { findRates: () => rates, changesOf: () => [] },
    findListPrices: () => null,
    log: (message, error) => console.error(message, error),
  }),
);
const server = await listen(app.fetch, { host: '127.0.0.1', port: 0, requestTimeoutMs: 600_000 });
const { port } = server.address() as AddressInfo;
const days = Math.ceil(rows / 86_400) + 1;

const mib = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
const ofEngine = (name: 'VmHWM' | 'VmRSS'): number => {
  const status = readFileSync(`/proc/${running.engine.pid()}/status`, 'utf8');
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024;
};

/** Bytes and lines of the answer, and milliseconds to its first byte. */
function take(path: string): Promise<{ bytes: number; lines: number; firstMs: number }> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const taken = { bytes: 0, lines: 0, firstMs: 0 };
    const asked = request({ host: '127.0.0.1', port, path }, (answer) => {
      answer.on('error', reject);
      answer.on('data', (chunk: Buffer) => {
        if (taken.bytes === 0) taken.firstMs = performance.now() - startedAt;
        taken.bytes += chunk.length;
        for (const byte of chunk) if (byte === 10) taken.lines += 1;
      });
      answer.on('end', () => resolve(taken));
    });
    asked.on('error', reject);
    asked.end();
  });
}

console.log(
  `${rows} rows, load ${loadavg()[0]?.toFixed(1)}, before: ${mib(process.memoryUsage().rss)}`,
);
for (const format of values.formats.split(',')) {
  const startedAt = performance.now();
  const cpuAt = process.cpuUsage();
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const path = `/api/cost/export?by=session&from=now-${days}d&format=${format}&period=hour`;
  const { bytes, lines, firstMs } = await take(path);
  clearInterval(watch);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuAt);
  console.log(
    `${format.padEnd(8)} ${lines} lines, ${mib(bytes)}, ${seconds.toFixed(1)} s (first byte ${(firstMs / 1000).toFixed(1)} s, cpu of this process ${((user + system) / 1e6).toFixed(1)} s): ${Math.round((format === 'parquet' ? rows : lines) / seconds)} rows/s; peak RSS ${mib(peak)}, engine ${mib(ofEngine('VmHWM'))}`,
  );
}
server.closeAllConnections();
server.close();
await running.close();
