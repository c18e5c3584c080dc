/** The endpoints of alert rules; loaded with their pages. */
import type {
  AlertPreview,
  AlertPreviewRequest,
  AlertRule,
  AlertRules,
  AlertRuleStatus,
  AlertTemplates,
} from 'orchescope/contract';
import { get, send } from '../../api.ts';

export function readAlertRules(project: string, signal: AbortSignal): Promise<AlertRules> {
  return get<AlertRules>('/api/alerts/rules', { project }, signal);
}

/** Takes the place of the rule of that id, or makes it. */
export function writeAlertRule(project: string, rule: AlertRule): Promise<AlertRuleStatus> {
  return send<AlertRuleStatus>('PUT', '/api/alerts/rules', { project, rule });
}

/** A rule that is shipped is as it was shipped again; another one is gone. */
export function deleteAlertRule(project: string, id: string): Promise<unknown> {
  const path = `/api/alerts/rules/${encodeURIComponent(id)}?project=${encodeURIComponent(project)}`;
  return send('DELETE', path, {});
}

/** Rules to begin with. */
export function readRuleTemplates(project: string, signal: AbortSignal): Promise<AlertTemplates> {
  return get<AlertTemplates>('/api/alerts/templates', { project }, signal);
}

/** What the rule would have done in the range. */
export function previewRule(
  request: AlertPreviewRequest,
  signal: AbortSignal,
): Promise<AlertPreview> {
  return send<AlertPreview>('POST', '/api/alerts/preview', request, signal);
}
