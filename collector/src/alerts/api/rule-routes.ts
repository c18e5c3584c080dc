/** Rules: as they stand, set, and set back. */
import type { Hono } from 'hono';
import { alertRuleChange, type AlertRule, type AlertRuleStatus } from '../../contract.ts';
import { ApiFailure } from '../../query/api-failure.ts';
import { limitBody } from '../../query/read-json-body.ts';
import { toReader } from '../../query/reader.ts';
import { readRuleHistory } from '../../store/read-alert-history.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { AlertSettings } from '../alert-settings.ts';
import { burnRatePacks } from '../burn-rate-pack.ts';
import { budgetLabel } from '../../budgets/budget-rules.ts';
import { defaultRulesOf } from '../default-rules.ts';
import { assertFilter, checkRule, type RuleContext } from '../settings/check-rule.ts';
import { assertNone, assertNotProvided, change, maxChangeBytes } from './change-settings.ts';
import { paramOf, projectOf, readChange } from './change-settings.ts';
import type { AlertRouteParts } from './parts.ts';
import { readStanding } from './read-standing.ts';
import { toRuleStatus } from './to-rule-status.ts';

/** Each is looked at once a minute. */
const mostRules = 1_000;

export function addRuleRoutes(app: Hono, parts: AlertRouteParts): void {
  app.get('/alerts/rules', async (c) => {
    const rules = await readRules(toReader(parts.store, c), parts, projectOf(c));
    const evaluated = rules.flatMap(({ lastEvaluatedAtMs }) => lastEvaluatedAtMs ?? []);
    const lastEvaluatedAtMs = evaluated.length === 0 ? null : Math.max(...evaluated);
    return c.json({ rules, lastEvaluatedAtMs });
  });
  app.get('/alerts/rules/:id', async (c) =>
    c.json(await readRule(toReader(parts.store, c), parts, projectOf(c), paramOf(c, 'id'))),
  );
  app.put('/alerts/rules', limitBody(maxChangeBytes), async (c) => {
    const { project, rule } = await readChange(c, alertRuleChange);
    const settings = await parts.settings.read(project);
    assertNotProvided(`The rule ${rule.id}`, fileOf(settings, rule.id));
    assertNotOfBudget(settings, rule.id);
    assertRule(rule, settings);
    assertRoom(settings, rule.id);
    await change(parts, { projectId: project, area: 'alert-rules', key: rule.id, value: rule });
    return c.json(await readRule(parts.store, parts, project, rule.id));
  });
  app.delete('/alerts/rules/:id', async (c) => {
    const [project, id] = [projectOf(c), paramOf(c, 'id')];
    assertCanGo(await parts.settings.read(project), id);
    await change(parts, { projectId: project, area: 'alert-rules', key: id, value: undefined });
    return c.body(null, 204);
  });
  app.get('/alerts/templates', async (c) =>
    c.json({ templates: [...defaultRulesOf(projectOf(c)), ...burnRatePacks] }),
  );
}

async function readRules(
  reader: Reader,
  { settings }: AlertRouteParts,
  projectId: string,
): Promise<AlertRuleStatus[]> {
  const [standing, history] = await Promise.all([
    readStanding(reader, settings, projectId),
    readRuleHistory(reader, projectId),
  ]);
  return standing.settings.rules.map((known) => toRuleStatus(standing, known, history));
}

async function readRule(
  reader: Reader,
  parts: AlertRouteParts,
  projectId: string,
  id: string,
): Promise<AlertRuleStatus> {
  const rules = await readRules(reader, parts, projectId);
  return rules.find(({ rule }) => rule.id === id) ?? noSuchRule(id);
}

function noSuchRule(id: string): never {
  throw new ApiFailure(
    'not_found',
    `There is no rule ${JSON.stringify(id.slice(0, 64))}. GET /api/alerts/rules lists them.`,
  );
}

/** @throws ApiFailure or, when nothing but the filter is wrong, FilterError with its place */
export function assertRule(rule: AlertRule, settings: AlertSettings): void {
  const sentences = checkRule(rule, toContext(settings));
  if (sentences.every((sentence) => sentence.startsWith('filter: ')) && sentences.length > 0) {
    assertFilter(rule);
  }
  assertNone(sentences);
}

export function toContext({ projectId, rules, channels, muteTimings }: AlertSettings): RuleContext {
  return {
    projectId,
    channels: channels.map(({ channel }) => channel.name),
    muteTimings: muteTimings.map(({ name }) => name),
    ruleIds: rules.map(({ rule }) => rule.id),
  };
}

function fileOf({ rules }: AlertSettings, id: string): string | undefined {
  return rules.find(({ rule, origin }) => rule.id === id && origin === 'file')?.file;
}

function assertNotOfBudget({ rules }: AlertSettings, id: string): void {
  const known = rules.find(({ rule }) => rule.id === id);
  if (known?.origin !== 'budget') return;
  const budgetId = known.rule.labels[budgetLabel] ?? '';
  throw new ApiFailure(
    'conflict',
    `The rule ${id} is made of the budget ${budgetId}: change that, with PUT /api/budgets.`,
  );
}

function assertRoom({ rules }: AlertSettings, id: string): void {
  if (rules.length < mostRules || rules.some(({ rule }) => rule.id === id)) return;
  throw new ApiFailure(
    'conflict',
    `A project has at most ${mostRules} rules. Delete one, or let one rule watch several groups.`,
  );
}

/** A repeated DELETE changes nothing: it never switches off what the first one set back. */
function assertCanGo(settings: AlertSettings, id: string): void {
  const known = settings.rules.find(({ rule }) => rule.id === id) ?? noSuchRule(id);
  assertNotProvided(`The rule ${id}`, known.origin === 'file' ? known.file : undefined);
  assertNotOfBudget(settings, id);
  if (known.origin === 'api') return;
  throw new ApiFailure(
    'conflict',
    `The rule ${id} is shipped and stands as it was shipped. To switch it off, PUT it with "enabled": false.`,
  );
}
