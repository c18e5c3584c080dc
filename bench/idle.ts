import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { readProcess } from '../collector/src/torture/server-process.testing.ts';
import { startCollector } from '../examples/collector-process.ts';
import { postTraces } from '../examples/demo/post.ts';
import { createShape } from './shapes/index.ts';

/**
 * Resident memory and processor time of the collector and its engine, when nothing was ever sent and after the demo's
 * day; or with many projects of which nothing was heard for two hours, whose rules are looked at all the same. Starts a
 * collector of its own; reads /proc, so Linux alone: `node bench/idle.ts [--projects 60]`.
 */
const { values } = parseArgs({ options: { projects: { type: 'string', default: '0' } } });
const projects = Number(values.projects);
const settleMs = 15_000;
const collector = await startCollector();
try {
  await (projects > 0 ? watchProjects() : watchDemo());
} finally {
  await collector.stop();
}

async function watchProjects(): Promise<void> {
  const { endpoint } = collector;
  for (let at = 0; at < projects; at += 1) {
    const shape = createShape('deep-120', { seed: at, endUnixMs: Date.now() - 7_200_000 });
    for (const request of shape.requests) {
      await postTraces({ endpoint, project: `project-${at}`, accessKey: '' }, request);
    }
  }
  await sleep(2 * settleMs);
  console.log(`idle, ${projects} projects: ${await describeAtRest(60_000)}`);
}

async function watchDemo(): Promise<void> {
  await sleep(settleMs);
  console.log(`idle, empty: ${await describeAtRest()} (node bench/idle.ts)`);
  const demo = new URL('../examples/demo/main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [
    demo,
    '--endpoint',
    collector.endpoint,
    '--tail',
    '0',
  ]);
  console.log(stdout.split('\n')[0]);
  console.log(`right after the demo: ${await describe(collector.pid)}`);
  await sleep(settleMs);
  console.log(`idle, after the demo: ${await describeAtRest()} (node bench/idle.ts)`);
}

async function describeAtRest(watchMs = 30_000): Promise<string> {
  const before = await readCpuUs(collector.pid);
  await sleep(watchMs);
  const share = ((await readCpuUs(collector.pid)) - before) / (watchMs * 1000);
  return `${await describe(collector.pid)}, ${(share * 100).toFixed(1)} % of a core, goal 1`;
}

async function readCpuUs(pid: number): Promise<number> {
  const pids = [pid, ...(await findDescendants(pid))];
  const all = await Promise.all(pids.map(readProcess));
  return all.reduce((sum, { cpuUs }) => sum + cpuUs, 0);
}

async function describe(pid: number): Promise<string> {
  const pids = [pid, ...(await findDescendants(pid))];
  const sizes = await Promise.all(pids.map(readRssMb));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return `${total.toFixed(0)} MB RSS = ${sizes.map((size) => size.toFixed(0)).join(' + ')} (collector, engine)`;
}

async function findDescendants(pid: number): Promise<number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const each of all) {
    if ((await readStatus(each, 'PPid')) === pid)
      found.push(each, ...(await findDescendants(each)));
  }
  return found;
}

async function readRssMb(pid: number): Promise<number> {
  return (await readStatus(pid, 'VmRSS')) / 1024;
}

/** 0 when the process is gone by now. */
async function readStatus(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
      throw error;
    },
  );
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}
