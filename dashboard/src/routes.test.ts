import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alertRuleRoute,
  alertRulesRoute,
  alertsRoute,
  channelsRoute,
  costRoute,
  defaultScope,
  findingsRoute,
  incidentRoute,
  overviewRoute,
  ingestRoute,
  parseUrl,
  runsRoute,
  silencesRoute,
  spanTabs,
  toUrl,
  traceRoute,
  tracesRoute,
} from './routes.ts';

const parse = (path: string) => parseUrl(new URL(path, 'http://127.0.0.1:4318'));
const traceId = '8f31ab2c9d0e4f5a8f31ab2c9d0e4f5a';
const scope = { project: 'shop', from: '2026-11-21T10:00:00Z', to: 'now' };

test('the list of URLs', () => {
  expect([
    toUrl(runsRoute(defaultScope)),
    toUrl(runsRoute(scope, { q: 'finding:loop', sort: 'findings' })),
    toUrl(tracesRoute(defaultScope)),
    toUrl(tracesRoute({ ...defaultScope, from: 'now-15m' }, { q: 'status:error cost>0.1' })),
    toUrl(tracesRoute(scope, { sort: 'duration', order: 'asc' })),
    toUrl(traceRoute(defaultScope, traceId)),
    toUrl(traceRoute(scope, traceId, { span: '00f067aa0ba902b7', tab: 'raw', z: '0,42.5' })),
    toUrl(traceRoute(defaultScope, traceId, { run: 'run-7', finding: 'loop:00f067aa0ba902b7' })),
    toUrl(findingsRoute(scope, { kind: 'loop', subject: 'planner', sort: 'waste_usd' })),
    toUrl(costRoute(defaultScope)),
    toUrl(costRoute(scope, { by: ['model', 'agent'], measure: 'cost_per_run', sort: 'change' })),
    toUrl(costRoute(defaultScope, { tab: 'budgets' })),
    toUrl(ingestRoute(scope)),
    toUrl(alertsRoute(scope, { state: 'open', rule: 'slow-agents' })),
    toUrl(incidentRoute(defaultScope, 'a/b?c')),
    toUrl(alertRulesRoute(defaultScope)),
    toUrl(alertRulesRoute(defaultScope, { q: 'slow', state: 'alerting' })),
    toUrl(alertRuleRoute(scope, 'new', 'loop-rate')),
    toUrl(silencesRoute(defaultScope, { rule: 'slow-agents', group: 'a & b' })),
    toUrl(channelsRoute(scope)),
    toUrl({ page: 'not-found', ...defaultScope, path: '/nowhere' }),
  ]).toMatchInlineSnapshot(`
    [
      "/runs",
      "/runs?project=shop&from=2026-11-21T10:00:00Z&q=finding:loop&sort=findings",
      "/traces",
      "/traces?from=now-15m&q=status:error+cost%3E0.1",
      "/traces?project=shop&from=2026-11-21T10:00:00Z&sort=duration&order=asc",
      "/traces/8f31ab2c9d0e4f5a8f31ab2c9d0e4f5a",
      "/traces/8f31ab2c9d0e4f5a8f31ab2c9d0e4f5a?project=shop&from=2026-11-21T10:00:00Z&span=00f067aa0ba902b7&tab=raw&z=0,42.5",
      "/traces/8f31ab2c9d0e4f5a8f31ab2c9d0e4f5a?run=run-7&finding=loop:00f067aa0ba902b7",
      "/findings?project=shop&from=2026-11-21T10:00:00Z&kind=loop&subject=planner&sort=waste_usd",
      "/cost",
      "/cost?project=shop&from=2026-11-21T10:00:00Z&by=model,agent&measure=cost_per_run&sort=change",
      "/cost?tab=budgets",
      "/ingest?project=shop&from=2026-11-21T10:00:00Z",
      "/alerts?project=shop&from=2026-11-21T10:00:00Z&state=open&rule=slow-agents",
      "/alerts/incidents/a%2Fb%3Fc",
      "/alerts/rules",
      "/alerts/rules?q=slow&state=alerting",
      "/alerts/rules/new?project=shop&from=2026-11-21T10:00:00Z&template=loop-rate",
      "/alerts/silences?rule=slow-agents&group=a+%26+b",
      "/alerts/channels?project=shop&from=2026-11-21T10:00:00Z",
      "/nowhere",
    ]
  `);
});

test.each([
  ['the root is the overview', '/', overviewRoute(defaultScope)],
  [
    'the overview by its name',
    '/overview?from=now-7d',
    overviewRoute({ ...defaultScope, from: 'now-7d' }),
  ],
  [
    'a kind of finding that does not exist opens no group',
    '/findings?kind=__proto__',
    findingsRoute(defaultScope),
  ],
  [
    'dimensions that do not exist, or stand twice, are left out',
    '/cost?by=model,model,colour,agent&measure=joy&tab=__proto__',
    costRoute(defaultScope, { by: ['model', 'agent'] }),
  ],
  ['no dimension is the usual one', '/cost?by=', costRoute(defaultScope)],
  ['a trailing slash changes nothing', '/traces/', tracesRoute(defaultScope)],
  [
    'the health of ingest',
    '/ingest/?project=shop',
    ingestRoute({ ...defaultScope, project: 'shop' }),
  ],
  [
    'ids in capitals are the same ids',
    `/traces/${traceId.toUpperCase()}`,
    traceRoute(defaultScope, traceId),
  ],
  [
    'unknown values are defaults',
    `/traces/${traceId}?span=<script>&tab=nothing`,
    traceRoute(defaultScope, traceId),
  ],
  ['the incidents', '/alerts/?state=<b>', alertsRoute(defaultScope)],
  [
    'an id that is no text is no incident',
    '/alerts/incidents/%E0%A4%A',
    { page: 'not-found', ...defaultScope, path: '/alerts/incidents/%E0%A4%A' },
  ],
  ['a rule by its id', '/alerts/rules/slow-agents', alertRuleRoute(defaultScope, 'slow-agents')],
  ['an unknown sort is the default', '/traces?sort=__proto__&order=up', tracesRoute(defaultScope)],
  [
    'an id of another length is no trace',
    '/traces/abc',
    { page: 'not-found', ...defaultScope, path: '/traces/abc' },
  ],
])('%s', (_, url, route) => {
  expect(parse(url)).toEqual(route);
});

test('whatever is typed into a filter survives the address bar', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, text, fc.constantFrom(...spanTabs), (q, z, tab) => {
      const list = tracesRoute(scope, { q });
      const trace = traceRoute(scope, traceId, { z, tab });
      const silence = silencesRoute(scope, { rule: q, group: z });
      expect(parse(toUrl(list))).toEqual(list);
      expect(parse(toUrl(silence))).toEqual(silence);
      expect(parse(toUrl(trace))).toEqual(trace);
    }),
  );
});
