/**
 * What a reader may ask: schemas and types of the query API under `/api`. Imports zod alone.
 * The server validates with these, `/api/openapi.json` is made from them, the dashboard imports their types.
 *
 * Time is nanoseconds since the epoch as a decimal string, unless a name says otherwise; durations are in the
 * unit of their name; money is USD as a decimal string; null means not known, never zero.
 */
export * from './contract/words.ts';
export * from './contract/projects.ts';
export * from './contract/traces.ts';
export * from './contract/search.ts';
export * from './contract/skeleton.ts';
export * from './contract/span.ts';
export * from './contract/logs.ts';
export * from './contract/live.ts';
export * from './contract/remap.ts';
export * from './contract/runs.ts';
export * from './contract/findings.ts';
export * from './contract/metrics.ts';
export * from './contract/insight.ts';
export * from './contract/detectors.ts';
export * from './contract/analyze.ts';
export * from './contract/alerts.ts';
export * from './contract/incidents.ts';
export * from './contract/silences.ts';
export * from './contract/channels.ts';
export * from './contract/costs.ts';
export * from './contract/waste.ts';
export * from './contract/budgets.ts';
export * from './contract/exports.ts';
export * from './contract/prices.ts';
export * from './contract/reprice.ts';
export * from './contract/overview.ts';
export * from './contract/server.ts';
export * from './contract/ingest.ts';
