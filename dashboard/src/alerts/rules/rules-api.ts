/** The endpoints of alert rules; loaded with their pages. */
import type { AlertPreview, AlertRule, AlertRules } from 'orchescope/contract';
import { get, send } from '../../api.ts';

export function readAlertRules(project: string, signal: AbortSignal): Promise<AlertRules> {
  return get<AlertRules>('/api/alerts/rules', { project }, signal);
}

/** Takes the place of the rule of that id, or makes it. */
export function writeAlertRule(project: string, rule: AlertRule): Promise<unknown> {
  return send('PUT', '/api/alerts/rules', { project, rule });
}

/** A rule that is shipped is as it was shipped again; another one is gone. */
export function deleteAlertRule(project: string, id: string): Promise<unknown> {
  const path = `/api/alerts/rules/${encodeURIComponent(id)}?project=${encodeURIComponent(project)}`;
  return send('DELETE', path, {});
}

export type RuleTemplates = { readonly templates: readonly AlertRule[] };

/** Rules to begin with. */
export function readRuleTemplates(project: string, signal: AbortSignal): Promise<RuleTemplates> {
  return get<RuleTemplates>('/api/alerts/templates', { project }, signal);
}

/** What the rule would have done in the last seven days. */
export function previewRule(
  project: string,
  rule: AlertRule,
  signal: AbortSignal,
): Promise<AlertPreview> {
  return send<AlertPreview>('POST', '/api/alerts/preview', { project, rule }, signal);
}
