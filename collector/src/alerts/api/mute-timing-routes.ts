/** Hours at which nobody wants to be told. */
import type { Hono } from 'hono';
import { muteTimingChange, type MuteTiming } from '../../contract.ts';
import { ApiFailure } from '../../query/api-failure.ts';
import { limitBody } from '../../query/read-json-body.ts';
import type { AlertSettings } from '../alert-settings.ts';
import { checkMuteTiming } from '../settings/check-mute-timing.ts';
import type { ProvisionedAlerts } from '../settings/provisioned.ts';
import { assertNone, assertNotProvided, change, maxChangeBytes } from './change-settings.ts';
import { paramOf, projectOf, readChange } from './change-settings.ts';
import type { AlertRouteParts } from './parts.ts';

const area = 'alert-mute-timings';
const mostTimings = 100;

export function addMuteTimingRoutes(app: Hono, parts: AlertRouteParts): void {
  const list = async (projectId: string): Promise<{ muteTimings: MuteTiming[] }> => {
    const { muteTimings } = await parts.settings.read(projectId);
    return { muteTimings: muteTimings.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
  };
  app.get('/alerts/mute-timings', async (c) => c.json(await list(projectOf(c))));
  app.put('/alerts/mute-timings', limitBody(maxChangeBytes), async (c) => {
    const { project, muteTiming } = await readChange(c, muteTimingChange);
    const { name } = muteTiming;
    assertNotProvided(`The mute timing ${name}`, fileOf(parts.settings.files(project), name));
    assertNone(checkMuteTiming(muteTiming));
    assertRoom(await parts.settings.read(project), name);
    await change(parts, { projectId: project, area, key: name, value: muteTiming });
    return c.json(await list(project));
  });
  app.delete('/alerts/mute-timings/:name', async (c) => {
    const [projectId, name] = [projectOf(c), paramOf(c, 'name')];
    assertNotProvided(`The mute timing ${name}`, fileOf(parts.settings.files(projectId), name));
    assertUnused(await parts.settings.read(projectId), name);
    await change(parts, { projectId, area, key: name, value: undefined });
    return c.body(null, 204);
  });
}

function fileOf({ muteTimings }: ProvisionedAlerts, name: string): string | undefined {
  return muteTimings.find(({ muteTiming }) => muteTiming.name === name)?.file;
}

function assertRoom({ muteTimings }: AlertSettings, name: string): void {
  if (muteTimings.length < mostTimings || muteTimings.some((one) => one.name === name)) return;
  const sentence = `A project has at most ${mostTimings} mute timings. Delete one first.`;
  throw new ApiFailure('conflict', sentence);
}

function assertUnused({ muteTimings, rules }: AlertSettings, name: string): void {
  if (!muteTimings.some((one) => one.name === name)) {
    const sentence = 'There is no such mute timing. GET /api/alerts/mute-timings lists them.';
    throw new ApiFailure('not_found', sentence);
  }
  const users = rules
    .filter(({ rule }) => rule.muteTimings.includes(name))
    .map((one) => one.rule.id);
  if (users.length === 0) return;
  throw new ApiFailure(
    'conflict',
    `The mute timing ${name} is used by ${users.slice(0, 5).join(', ')}. Take it out of them first.`,
  );
}
