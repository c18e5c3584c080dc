/** `orchescope alerts export`: what a project has, as a file that can be kept and loaded. */
import { parseArgs } from 'node:util';
import { toReference } from '../alerts/files/secret-reference.ts';
import { toAlertsYaml } from '../alerts/files/to-yaml.ts';
import {
  alertRules,
  channelList,
  muteTimings,
  type AlertChannel,
  type ChannelList,
} from '../contract.ts';
import { askAlerts, serverOptions, toServer } from './alerts-ask.ts';

/** @throws UsageError or JobError */
export async function alertsExport(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: serverOptions(env) });
  const { project } = values;
  const server = toServer(values);
  const query = new URLSearchParams({ project }).toString();
  const { rules } = await askAlerts(server, `rules?${query}`, alertRules);
  const { channels } = await askAlerts(server, `channels?${query}`, channelList);
  const timings = await askAlerts(server, `mute-timings?${query}`, muteTimings);
  const text = toAlertsYaml({
    project,
    // Those of budgets come and go with their budgets.
    rules: rules.filter(({ origin }) => origin !== 'budget').map(({ rule }) => rule),
    channels: channels.map(toWritten),
    muteTimings: timings.muteTimings,
  });
  process.stdout.write(text);
  return 0;
}

/** No server tells a secret: it is to be set in the environment of whoever loads the file. */
function toWritten({ channel, hasSecret }: ChannelList['channels'][number]): AlertChannel {
  return { ...channel, secret: hasSecret ? toReference(channel.name) : null };
}
