/** Templates of users: Liquid, with nothing in it that reads files, runs long or lets a value pass unescaped. */
import { Liquid } from 'liquidjs';
import type { Delivery } from '../delivery.ts';
import { formatTime, formatValue, toIso } from './format-value.ts';
import { createLinks, toSafeUrl } from './links.ts';
import { cleanLine, cleanText, type Escape } from './text.ts';

export type Rendered =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'error'; readonly message: string };

/** Those that write text or read variables, and nothing else: no files, no raw output. */
const tags = new Set([
  'assign',
  'break',
  'capture',
  'case',
  'comment',
  'continue',
  'cycle',
  'echo',
  'for',
  'if',
  'raw',
  'unless',
]);

const longestTemplate = 10_000;
const longestText = 40_000;
/** Deterministic bounds come first; the time is for what they do not see. */
const limits = { templateLimit: 5_000, memoryLimit: 200_000, renderLimit: 200 };

/** @param escape applied to every value that is put in; the text of the template itself stays as it is */
export function renderTemplate(template: string, scope: object, escape: Escape): Rendered {
  try {
    const engine = createEngine(escape);
    const text: unknown = engine.renderSync(engine.parse(cleanText(template)), scope, limits);
    if (typeof text !== 'string') return toError('it does not give a text');
    if (text.length > longestText) return toError(`it gives more than ${longestText} characters`);
    return { type: 'text', text: text.trim() };
  } catch (error) {
    return toError(error instanceof Error ? error.message : String(error));
  }
}

/** What is wrong with it, in a sentence; null = nothing that shows with a message of ours. */
export function checkTemplate(template: string): string | null {
  const rendered = renderTemplate(template, toScope(sample, 'https://orchescope.example'), String);
  return rendered.type === 'text' ? null : `The template cannot be used: ${rendered.message}.`;
}

/** What a template may name. Clean, and not escaped. */
export function toScope({ id, message }: Delivery, publicUrl: string): object {
  const links = createLinks(publicUrl, message.project);
  const { unit, kind, severity, overflow } = message;
  const labels = Object.entries(message.labels).map(([name, value]) => [name, cleanLine(value)]);
  return {
    id,
    kind,
    severity,
    overflow,
    project: cleanLine(message.project),
    rule: cleanLine(message.rule),
    title: cleanLine(message.title),
    description: cleanText(message.description),
    metric: cleanLine(message.metric),
    target: message.target === null ? '' : formatValue(message.target, unit),
    labels: Object.fromEntries(labels) as object,
    owner: cleanLine(message.owner),
    runbook: toSafeUrl(message.runbook),
    windowFrom: toIso(message.window.fromMs),
    windowTo: toIso(message.window.toMs),
    ruleUrl: links.rule(message.rule),
    silenceUrl: links.silence(message.rule, ''),
    alerts: message.alerts.map((alert) => ({
      group: cleanLine(alert.group),
      state: alert.state,
      value: formatValue(alert.value, unit),
      threshold: formatValue(alert.threshold, unit),
      samples: alert.samples,
      reason: cleanLine(alert.reason),
      startedAt: formatTime(alert.startedAtMs),
      endedAt: alert.endedAtMs === null ? '' : formatTime(alert.endedAtMs),
      incidentUrl: links.incident(alert.incident),
      silenceUrl: links.silence(message.rule, alert.group),
      traceUrls: alert.exemplars.map((traceId) => links.trace(traceId)),
    })),
  };
}

function createEngine(escape: Escape): Liquid {
  const engine = new Liquid({
    outputEscape: (value: unknown) => escape(cleanText(toText(value))),
    strictFilters: true,
    ownPropertyOnly: true,
    // In memory, and empty: there is no file to name.
    templates: {},
    parseLimit: longestTemplate,
    timezoneOffset: 0,
  });
  for (const name of Object.keys(engine.tags)) if (!tags.has(name)) delete engine.tags[name];
  // It would let a value pass as it is.
  engine.unregisterFilter('raw');
  return engine;
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : (JSON.stringify(value) ?? '');
}

/** Liquid names the line; the first sentence is enough. */
function toError(message: string): Rendered {
  const sentence = cleanLine(message)
    .replace(/, file:.*?(?=,|$)/, '')
    .slice(0, 200);
  return { type: 'error', message: sentence };
}

const sample: Delivery = {
  id: 'example',
  projectId: 'default',
  ruleId: 'agent-latency-p95',
  channel: 'example',
  createdAtMs: 0,
  sequence: 1,
  message: {
    kind: 'firing',
    project: 'default',
    rule: 'agent-latency-p95',
    title: 'Agents are slow',
    description: 'The slowest of twenty agents.',
    severity: 'critical',
    metric: 'agent_latency',
    unit: 'ms',
    target: 5_000,
    labels: { team: 'search' },
    owner: 'search',
    runbook: 'https://runbooks.example/slow-agents',
    window: { fromMs: 0, toMs: 300_000 },
    alerts: [
      {
        incident: 'example',
        fingerprint: 'example',
        group: 'planner',
        state: 'firing',
        value: 18_200,
        threshold: 15_000,
        samples: 42,
        reason: '',
        startedAtMs: 300_000,
        endedAtMs: null,
        exemplars: ['8f31ab2c9d0e4f5a8f31ab2c9d0e4f5a'],
      },
    ],
    overflow: 0,
  },
};
