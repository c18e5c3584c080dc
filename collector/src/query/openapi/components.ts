/** The shapes of all rooms, by name. */
import { z } from 'zod';
import { failures } from '../api-failure.ts';
import { alertShapes } from './alerts.ts';
import { budgetShapes } from './budgets.ts';
import { coreShapes } from './core-shapes.ts';
import { costShapes } from './costs.ts';
import { exportShapes } from './exports.ts';
import { overviewShapes } from './overview.ts';
import { priceShapes } from './prices.ts';
import { bare, refTo } from './reference.ts';

const shapes = {
  ...alertShapes,
  ...budgetShapes,
  ...costShapes,
  ...exportShapes,
  ...priceShapes,
  ...overviewShapes,
  ...coreShapes,
};

export function toComponents(): Readonly<Record<string, unknown>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, shape] of Object.entries(shapes)) registry.add(shape, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: refTo, unrepresentable: 'any' });
  const bareSchemas = Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]);
  const described = { ...bare(schemas['ErrorCode'] ?? {}), description: describeFailures() };
  return { ...Object.fromEntries(bareSchemas), ErrorCode: described };
}

function describeFailures(): string {
  return Object.entries(failures)
    .map(([code, { status, meaning }]) => `${code} (${status}): ${meaning}`)
    .join(' ');
}
