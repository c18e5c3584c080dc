/** `/api/openapi.json`, made from the contract, so that it cannot say anything else. */
import type { Hono } from 'hono';
import type { ServerInfo } from '../contract.ts';
import { alertActions, alertChanges, alertReads, alertRemovals } from './openapi/alerts.ts';
import { budgetChanges, budgetReads, budgetRemovals } from './openapi/budgets.ts';
import { toComponents } from './openapi/components.ts';
import { costReads } from './openapi/costs.ts';
import { csvPosts, exportReads, fileReads } from './openapi/exports.ts';
import {
  toCsvOperation,
  toFileOperation,
  toJobOperation,
  toReadOperation,
  toRemovalOperation,
  toSentOperation,
} from './openapi/operations.ts';
import { overviewReads } from './openapi/overview.ts';
import { priceChanges, priceJobs, priceReads } from './openapi/prices.ts';
import { analyzeJobs, detectorChanges, insightReads, runReads } from './openapi/runs.ts';
import { projectReads, remapJobs, serverReads } from './openapi/server.ts';
import { contentReads, traceReads } from './openapi/traces.ts';

const reads = [
  ...projectReads,
  ...traceReads,
  ...runReads,
  ...insightReads,
  ...contentReads,
  ...serverReads,
  ...costReads,
  ...priceReads,
  ...budgetReads,
  ...overviewReads,
  ...alertReads,
  ...exportReads,
];
const changes = [...detectorChanges, ...priceChanges, ...budgetChanges, ...alertChanges];
const removals = [...budgetRemovals, ...alertRemovals];
const jobs = [...remapJobs, ...analyzeJobs, ...priceJobs];

export function addOpenApiRoute(app: Hono, info: ServerInfo): void {
  const document = toOpenApi(info.version);
  app.get('/openapi.json', (c) => c.json(document));
}

export function toOpenApi(version: string): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: { title: 'Orchescope query API', version },
    servers: [{ url: '/api' }],
    paths: toPaths(),
    components: { schemas: toComponents() },
  };
}

/** Routes in the order that readers meet them; those that change something come after all that only read. */
function toPaths(): Readonly<Record<string, object>> {
  const operations = [
    ...reads.map((one) => [one.path, { get: toReadOperation(one) }] as const),
    ...changes.map((one) => [one.path, { put: toSentOperation(one) }] as const),
    ...fileReads.map((one) => [one.path, { get: toFileOperation(one) }] as const),
    ...csvPosts.map((one) => [one.path, { post: toCsvOperation(one) }] as const),
    ...alertActions.map((one) => [one.path, { post: toSentOperation(one) }] as const),
    ...removals.map((one) => [one.path, { delete: toRemovalOperation(one) }] as const),
    ...jobs.map((one) => [one.path, { post: toJobOperation(one) }] as const),
  ];
  const paths: Record<string, object> = {};
  for (const [path, operation] of operations) paths[path] = { ...paths[path], ...operation };
  return paths;
}
