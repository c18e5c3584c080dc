import { expect, test } from 'vitest';
import { costRoute, defaultScope, type CostRoute } from '../routes.ts';
import { drillInto } from './drill.ts';

const route = (options: Partial<CostRoute> = {}) => costRoute(defaultScope, options);

test.each<[what: string, from: ReturnType<typeof drillInto>, to: ReturnType<typeof drillInto>]>([
  [
    'a workflow is opened by its agents',
    drillInto(route(), 'workflow', 'refund'),
    route({ q: 'workflow:"refund"', by: ['agent'] }),
  ],
  [
    'an agent stays a dimension, since its runs have others too',
    drillInto(route({ by: ['agent'] }), 'agent', 'planner'),
    route({ q: 'agent:"planner"', by: ['agent', 'workflow'] }),
  ],
  [
    'what the filter holds already is not told by again',
    drillInto(route({ by: ['agent'], q: 'workflow:"refund"' }), 'agent', 'planner'),
    route({ q: 'workflow:"refund" agent:"planner"', by: ['agent', 'model'] }),
  ],
  [
    'the same key a second time adds nothing to the filter',
    drillInto(route({ by: ['workflow'], q: 'workflow:"a"' }), 'workflow', 'a'),
    route({ q: 'workflow:"a"', by: ['agent'] }),
  ],
  [
    'a project is gone into',
    drillInto(route({ by: ['project'] }), 'project', 'shop'),
    { ...route({ by: ['workflow'] }), project: 'shop' },
  ],
  [
    'runs without a user can be found',
    drillInto(route({ by: ['user'] }), 'user', ''),
    route({ q: 'user:""', by: ['workflow'] }),
  ],
  ['runs without an agent cannot', drillInto(route({ by: ['agent'] }), 'agent', ''), null],
  [
    'nothing in a name means anything to the filter',
    drillInto(route(), 'workflow', String.raw`a" status:failed \ *`),
    route({ q: String.raw`workflow:"a\" status:failed \\ *"`, by: ['agent'] }),
  ],
])('%s', (_, from, to) => {
  expect(from).toEqual(to);
});
