/** What is set of detectors. A change is judged by from then on; history is judged again by `POST /api/analyze`. */
import type { Hono } from 'hono';
import {
  detectorSettingsChange,
  runQuery,
  type DetectorSettings,
  type DetectorSettingsChange,
} from '../contract.ts';
import { allDetectors } from '../analysis/detectors/all.ts';
import type { Detector } from '../analysis/detectors/detector.ts';
import { detectorArea, toRules } from '../analysis/worker/read-rules.ts';
import type { Reader } from '../store/read-rows.ts';
import { readSettings, writeSetting } from '../store/settings-log.ts';
import { ApiFailure } from './api-failure.ts';
import { limitBody, readJsonBody } from './read-json-body.ts';
import { toReader } from './reader.ts';
import { readQuery } from './validate.ts';

const maxBodyBytes = 65_536;

export function addDetectorRoutes(app: Hono, store: Reader): void {
  app.get('/settings/detectors', async (c) => {
    const { project } = readQuery(c, runQuery);
    return c.json(await readDetectorSettings(toReader(store, c), project));
  });
  app.put('/settings/detectors', limitBody(maxBodyBytes), async (c) => {
    const change = await readJsonBody(c, detectorSettingsChange);
    assertThresholds(change);
    // Not ended with the request: what was begun is finished.
    await write(store, change);
    return c.json(await readDetectorSettings(store, change.project));
  });
}

async function readDetectorSettings(reader: Reader, projectId: string): Promise<DetectorSettings> {
  const { project, workflows } = toRules(await readSettings(reader, projectId, detectorArea));
  return {
    detectors: allDetectors.map(toInfo),
    project: project as DetectorSettings['project'],
    workflows: Object.fromEntries(workflows) as DetectorSettings['workflows'],
  };
}

function toInfo({ kind, thresholds }: Detector): DetectorSettings['detectors'][number] {
  return {
    kind,
    thresholds: Object.entries(thresholds).map(([name, spec]) => Object.assign({ name }, spec)),
  };
}

/** Names and ranges are those of the detector. */
function assertThresholds({ settings }: DetectorSettingsChange): void {
  for (const [kind, { thresholds = {} } = {}] of Object.entries(settings)) {
    const specs = new Map(
      Object.entries(allDetectors.find((detector) => detector.kind === kind)?.thresholds ?? {}),
    );
    for (const [name, value] of Object.entries(thresholds)) {
      const spec = specs.get(name);
      const place = `settings.${kind}.thresholds.${name}`;
      if (spec === undefined) {
        const known = specs.size === 0 ? 'It has none' : `Choose ${[...specs.keys()].join(', ')}`;
        throw new ApiFailure('invalid_request', `${place}: there is no such threshold. ${known}.`);
      }
      if (value < spec.min || value > spec.max) {
        const sentence = `${place}: choose a value from ${spec.min} to ${spec.max}.`;
        throw new ApiFailure('invalid_request', sentence);
      }
    }
  }
}

/** Nothing set is the same as never set, and is kept as that. */
async function write(
  { client }: Reader,
  { project, workflow, settings }: DetectorSettingsChange,
): Promise<void> {
  const known = await readSettings({ client }, project, detectorArea);
  const last = known.find(({ key }) => key === workflow)?.version ?? 0;
  const value = Object.keys(settings).length === 0 ? undefined : settings;
  const change = { projectId: project, area: detectorArea, key: workflow, value, changedBy: 'api' };
  await writeSetting(client, change, Math.max(Date.now(), last + 1));
}
