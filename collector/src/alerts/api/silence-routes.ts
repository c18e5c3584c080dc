/** Quiet that people ask for: until when, about what, and why. */
import type { Hono } from 'hono';
import { createHash } from 'node:crypto';
import {
  silenceMatcher,
  silenceMatchesRequest,
  silenceRequest,
  type Silence,
  type SilenceMatcher,
  type SilenceRequest,
} from '../../contract.ts';
import { ApiFailure } from '../../query/api-failure.ts';
import { limitBody } from '../../query/read-json-body.ts';
import { toReader } from '../../query/reader.ts';
import type { KnownSilence } from '../alert-settings.ts';
import { matchesAll } from '../routing/silenced.ts';
import { toMs } from '../timed-rule.ts';
import { change, maxChangeBytes, paramOf, projectOf, readChange } from './change-settings.ts';
import type { AlertRouteParts } from './parts.ts';
import { factsOf, instancesOf, readStanding, type Standing } from './read-standing.ts';

const longestMs = 30 * 86_400_000;
const mostSilences = 500;
/** Silences that are over are listed for so long. */
const listedMs = 7 * 86_400_000;

export function addSilenceRoutes(app: Hono, parts: AlertRouteParts): void {
  const read = parts.settings;
  app.get('/alerts/silences', async (c) => {
    const standing = await readStanding(toReader(parts.store, c), read, projectOf(c));
    const listed = standing.settings.silences
      .filter(({ endsAtMs }) => endsAtMs > standing.nowMs - listedMs)
      .toSorted((a, b) => b.endsAtMs - a.endsAtMs);
    return c.json({ silences: listed.map((silence) => toSilence(silence, standing)) });
  });
  app.post('/alerts/silences', limitBody(maxChangeBytes), async (c) => {
    const request = await readChange(c, silenceRequest);
    const standing = await readStanding(parts.store, read, request.project);
    assertRoom(standing);
    const silence = toKnown(request, standing.nowMs);
    const { id: key, ...value } = silence;
    const what = { projectId: request.project, area: 'alert-silences', key, value } as const;
    await change(parts, { ...what, by: silence.author });
    return c.json(toSilence(silence, standing), 201);
  });
  app.post('/alerts/silences/matches', limitBody(maxChangeBytes), async (c) => {
    const request = await readChange(c, silenceMatchesRequest);
    const standing = await readStanding(parts.store, read, request.project);
    return c.json({ matches: countMatches(standing, request.matchers) });
  });
  app.delete('/alerts/silences/:id', async (c) => {
    const [projectId, key] = [projectOf(c), paramOf(c, 'id')];
    const standing = await readStanding(parts.store, read, projectId);
    const ended = endNow(standing, key);
    if (ended !== null) {
      await change(parts, { projectId, area: 'alert-silences', key, value: ended });
    }
    return c.body(null, 204);
  });
}

/** @throws ApiFailure that says what to change */
function toKnown(request: SilenceRequest, nowMs: number): KnownSilence {
  const { matchers, startsAt, duration, author, reason } = request;
  const startsAtMs = startsAt === null ? nowMs : Date.parse(startsAt);
  const durationMs = toMs(duration);
  if (durationMs === 0 || durationMs > longestMs) {
    throw new ApiFailure(
      'invalid_request',
      'duration: choose from 1s to 30d; make another one then.',
    );
  }
  const endsAtMs = startsAtMs + durationMs;
  if (endsAtMs <= nowMs) {
    throw new ApiFailure('invalid_request', 'startsAt: this silence would be over already.');
  }
  if (startsAtMs > nowMs + 365 * 86_400_000) {
    throw new ApiFailure('invalid_request', 'startsAt: choose a time within a year.');
  }
  const content = { matchers, startsAtMs, endsAtMs, author, reason };
  // Sent twice within a moment it is one silence, if it says when it starts.
  const text = JSON.stringify([request.project, content]);
  const id = createHash('sha256').update(text).digest('hex').slice(0, 24);
  return { id, ...content };
}

function assertRoom({ settings, nowMs }: Standing): void {
  const open = settings.silences.filter(({ endsAtMs }) => endsAtMs > nowMs);
  if (open.length < mostSilences) return;
  throw new ApiFailure(
    'conflict',
    `A project has at most ${mostSilences} silences at a time. End one, or let one match more.`,
  );
}

/** It stays in the list, as over. Null = it is over already. */
function endNow({ settings, nowMs }: Standing, id: string): Omit<KnownSilence, 'id'> | null {
  const found = settings.silences.find((silence) => silence.id === id);
  if (found === undefined) {
    const sentence = 'There is no such silence. GET /api/alerts/silences lists them.';
    throw new ApiFailure('not_found', sentence);
  }
  const { id: _, ...silence } = found;
  if (silence.endsAtMs <= nowMs) return null;
  return { ...silence, startsAtMs: Math.min(silence.startsAtMs, nowMs), endsAtMs: nowMs };
}

function toSilence(silence: KnownSilence, standing: Standing): Silence {
  const { id, matchers, startsAtMs, endsAtMs, author, reason } = silence;
  const { nowMs } = standing;
  const state = endsAtMs <= nowMs ? 'over' : startsAtMs > nowMs ? 'waiting' : 'active';
  const matches = state === 'over' ? 0 : countMatches(standing, matchers);
  const said = { startsAtMs, endsAtMs, author, reason };
  return {
    id,
    matchers: matchers.map((one) => silenceMatcher.parse(one)),
    ...said,
    state,
    matches,
  };
}

/** Instances that are anything but normal. */
function countMatches(standing: Standing, matchers: readonly SilenceMatcher[]): number {
  return standing.settings.rules.reduce((sum, known) => {
    const found = instancesOf(standing, known).filter(
      ({ core, over, group }) =>
        (core !== 'normal' || over !== null) && matchesAll(matchers, factsOf(known, group)),
    );
    return sum + found.length;
  }, 0);
}
