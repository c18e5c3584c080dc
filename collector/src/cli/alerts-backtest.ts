/** `orchescope alerts backtest`: what a rule would have done, over what a running server holds. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkAlertFiles } from '../alerts/files/check-alert-files.ts';
import { AlertFilesError, describeProblems } from '../alerts/files/file-problem.ts';
import { findFiles, readWritten } from '../alerts/files/find-files.ts';
import { alertPreview, alertRuleStatus, type AlertPreview, type AlertRule } from '../contract.ts';
import { askAlerts, serverOptions, toServer, type Server } from './alerts-ask.ts';
import { UsageError } from './alerts-usage-error.ts';

type Tried = { readonly project: string; readonly rule: AlertRule };

/** @throws UsageError, AlertFilesError or JobError */
export async function alertsBacktest(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const { project: _, ...server } = serverOptions(env);
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...server,
      project: { type: 'string' },
      rule: { type: 'string' },
      from: { type: 'string', default: 'now-7d' },
      to: { type: 'string', default: 'now' },
    },
  });
  const { rule: named, from, to } = values;
  if (named === undefined) throw new UsageError('name a rule with --rule: a file, or an id.');
  const asked = toServer(values);
  for (const { project, rule } of await findRules(asked, named, values.project)) {
    // They hold messages back, and change nothing of what a rule does; the server need not have them yet.
    const request = { project, rule: { ...rule, muteTimings: [] }, from, to };
    const preview = await askAlerts(asked, 'preview', alertPreview, request);
    process.stdout.write(describe(rule, preview, { from, to }));
  }
  return 0;
}

/** @param project undefined = as the file says, or the default one */
async function findRules(
  server: Server,
  named: string,
  project: string | undefined,
): Promise<readonly Tried[]> {
  if (/\.ya?ml$/.test(named) || existsSync(named)) return readRules(named, project);
  const query = new URLSearchParams({ project: project ?? 'default' }).toString();
  const path = `rules/${encodeURIComponent(named)}?${query}`;
  const { rule } = await askAlerts(server, path, alertRuleStatus);
  return [{ project: project ?? 'default', rule }];
}

function readRules(path: string, project: string | undefined): readonly Tried[] {
  const { files, problems } = checkAlertFiles(findFiles(path).map(readWritten), null);
  if (problems.length > 0) throw new AlertFilesError(describeProblems(problems).join('\n'));
  const tried = files.flatMap(({ content }) =>
    content.rules.map((rule) => ({ project: project ?? content.project, rule })),
  );
  if (tried.length > 0) return tried;
  throw new AlertFilesError(`${path}: there is no rule in it.`);
}

/** Episodes at most, the last ones. */
const mostShown = 20;

function describe(
  rule: AlertRule,
  preview: AlertPreview,
  { from, to }: { readonly from: string; readonly to: string },
): string {
  const { episodes, episodeCount, firingMinutes, messagesPerDay, messageCount, warnings } = preview;
  const shown = episodes.slice(-mostShown);
  const others = episodeCount - shown.length;
  const lines = [
    `${rule.id}: ${rule.title}, from ${from} to ${to}`,
    `  episodes         ${episodeCount}`,
    `  minutes firing   ${firingMinutes}`,
    `  messages         ${messageCount}, ${Number(messagesPerDay.toFixed(2))} a day`,
    ...shown.map((episode) => `    ${describeEpisode(episode, preview.unit)}`),
    ...(others === 0 ? [] : [`    and ${others} before these`]),
    ...warnings.map((warning) => `  note: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

function describeEpisode(
  { group, startedAtMs, endedAtMs, worst }: AlertPreview['episodes'][number],
  unit: string,
): string {
  const start = new Date(startedAtMs).toISOString().slice(0, 19);
  const minutes = endedAtMs === null ? null : Math.round((endedAtMs - startedAtMs) / 60_000);
  const length = minutes === null ? 'goes on' : `${minutes} min`;
  const value = worst === null ? '' : `worst ${Number(worst.toPrecision(4))} ${unit}`;
  return [`${start}Z`, length.padStart(8), group, value].filter((part) => part !== '').join('  ');
}
