/** Where messages go. Secrets come in, and never out. */
import type { Context, Hono } from 'hono';
import {
  alertProjectQuery,
  channelChange,
  type AlertChannel,
  type ChannelList,
  type ChannelStatus,
  type ChannelTest,
} from '../../contract.ts';
import { ApiFailure } from '../../query/api-failure.ts';
import { limitBody } from '../../query/read-json-body.ts';
import { toReader } from '../../query/reader.ts';
import { readChannelDeliveries, type ChannelDeliveries } from '../../store/read-notifications.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { AlertSettings, KnownChannel } from '../alert-settings.ts';
import { checkReach } from '../settings/check-reach.ts';
import type { ProvisionedAlerts } from '../settings/provisioned.ts';
import { sealChannel } from '../settings/seal-channel.ts';
import { assertNotProvided, change, maxChangeBytes } from './change-settings.ts';
import { paramOf, projectOf, readChange } from './change-settings.ts';
import type { AlertRouteParts } from './parts.ts';

const area = 'alert-channels';
const mostChannels = 100;

export function addChannelRoutes(app: Hono, parts: AlertRouteParts): void {
  app.get('/alerts/channels', async (c) =>
    c.json(await readChannels(toReader(parts.store, c), parts, projectOf(c))),
  );
  app.put('/alerts/channels', limitBody(maxChangeBytes), async (c) => {
    const { project: projectId, channel } = await readChange(c, channelChange);
    const settings = await parts.settings.read(projectId);
    assertRoom(settings, channel.name);
    const value = await toSealed(channel, settings, parts);
    await change(parts, { projectId, area, key: channel.name, value });
    return c.json(await readChannels(parts.store, parts, projectId));
  });
  app.delete('/alerts/channels/:name', async (c) => {
    const [projectId, name] = [projectOf(c), paramOf(c, 'name')];
    assertNotProvided(`The channel ${name}`, fileOf(parts.settings.files(projectId), name));
    assertCanGo(await parts.settings.read(projectId), name);
    await change(parts, { projectId, area, key: name, value: undefined });
    return c.body(null, 204);
  });
  // As it is written here, stored or not: whoever fills in a form tries it before it is kept.
  app.post('/alerts/channels/test', limitBody(maxChangeBytes), async (c) => {
    const { project: projectId, channel } = await readChange(c, channelChange);
    const settings = await parts.settings.read(projectId);
    const known = { ...(await toSealed(channel, settings, parts)), origin: 'api' as const };
    return c.json(await test(c, parts, projectId, known));
  });
  app.post('/alerts/channels/:name/test', limitBody(maxChangeBytes), async (c) => {
    const { project: projectId } = await readChange(c, alertProjectQuery);
    const known = find(await parts.settings.read(projectId), paramOf(c, 'name'));
    return c.json(await test(c, parts, projectId, known));
  });
}

function test(
  c: Context,
  { channels, publicUrl, allow }: AlertRouteParts,
  projectId: string,
  known: KnownChannel,
): Promise<ChannelTest> {
  const context = { publicUrl, allow, signal: c.req.raw.signal, nowMs: Date.now() };
  return channels.testSend(known, projectId, context);
}

async function toSealed(
  channel: AlertChannel,
  settings: AlertSettings,
  { secretKey, allow, resolve, settings: { files } }: AlertRouteParts,
): Promise<Omit<KnownChannel, 'origin'>> {
  const { projectId } = settings;
  assertNotProvided(`The channel ${channel.name}`, fileOf(files(projectId), channel.name));
  const before = settings.channels.find((one) => one.channel.name === channel.name);
  const sealed = sealChannel(channel, before, { projectId, secretKey });
  if (sealed.type === 'refused') throw new ApiFailure('invalid_request', sealed.message);
  const unreachable = await checkReach(channel, { allow, resolve });
  if (unreachable !== null) throw new ApiFailure('invalid_request', unreachable);
  return sealed.known;
}

async function readChannels(
  reader: Reader,
  { settings }: AlertRouteParts,
  projectId: string,
): Promise<ChannelList> {
  const [{ channels }, deliveries] = await Promise.all([
    settings.read(projectId),
    readChannelDeliveries(reader, projectId),
  ]);
  const heard = new Map(deliveries.map((one) => [one.channel, one]));
  const statuses = channels.map((known) => toStatus(known, heard.get(known.channel.name)));
  return { channels: statuses.toSorted((a, b) => (a.channel.name < b.channel.name ? -1 : 1)) };
}

function toStatus(
  { channel, origin, sealedSecret, secretHost }: KnownChannel,
  heard: ChannelDeliveries | undefined,
): ChannelStatus {
  return {
    channel: { ...channel, secret: null },
    origin,
    hasSecret: sealedSecret !== '',
    secretHost,
    lastDeliveredAtMs: heard?.lastDeliveredAtMs ?? null,
    lastErrorAtMs: heard?.lastErrorAtMs ?? null,
    lastError: heard?.lastError ?? '',
    waiting: heard?.waiting ?? 0,
    dead: heard?.dead ?? 0,
  };
}

function find({ channels }: AlertSettings, name: string): KnownChannel {
  const known = channels.find(({ channel }) => channel.name === name);
  if (known !== undefined) return known;
  const sentence = 'There is no such channel. GET /api/alerts/channels lists them.';
  throw new ApiFailure('not_found', sentence);
}

function fileOf({ channels }: ProvisionedAlerts, name: string): string | undefined {
  return channels.find(({ channel }) => channel.name === name)?.file;
}

function assertRoom({ channels }: AlertSettings, name: string): void {
  if (channels.length < mostChannels || channels.some(({ channel }) => channel.name === name))
    return;
  const sentence = `A project has at most ${mostChannels} channels. Delete one first.`;
  throw new ApiFailure('conflict', sentence);
}

/** A rule that names a channel which is gone tells nobody, and says so nowhere. */
function assertCanGo(settings: AlertSettings, name: string): void {
  find(settings, name);
  const users = settings.rules.filter(({ rule }) => rule.channels.includes(name));
  if (users.length === 0) return;
  const ids = users.slice(0, 5).map(({ rule }) => rule.id);
  throw new ApiFailure(
    'conflict',
    `The channel ${name} is used by ${ids.join(', ')}. Take it out of them first.`,
  );
}
