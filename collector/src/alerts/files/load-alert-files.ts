/** Files as the server takes them: all, or none. */
import { basename } from 'node:path';
import type { AlertChannel } from '../../contract.ts';
import type { ProvisionedAlerts, ProvisionedChannel } from '../settings/provisioned.ts';
import { sealChannel } from '../settings/seal-channel.ts';
import { checkAlertFiles, type CheckedFile } from './check-alert-files.ts';
import { AlertFilesError, describeProblems } from './file-problem.ts';
import { findFiles, readWritten } from './find-files.ts';
import { readReference, type Environment } from './secret-reference.ts';

export type LoadOptions = { readonly secretKey: Uint8Array; readonly env: Environment };

/**
 * By project.
 * @throws AlertFilesError that tells everything that is wrong
 */
export function loadAlertFiles(
  path: string,
  options: LoadOptions,
): ReadonlyMap<string, ProvisionedAlerts> {
  const { files, problems } = checkAlertFiles(findFiles(path).map(readWritten), options.env);
  if (problems.length > 0) throw refuse(path, describeProblems(problems));
  const byProject = Map.groupBy(files, ({ content }) => content.project);
  return new Map(
    [...byProject].map(([projectId, own]) => [projectId, toProvisioned(projectId, own, options)]),
  );
}

function refuse(path: string, sentences: readonly string[]): AlertFilesError {
  const lines = sentences.map((sentence) => `\n  ${sentence}`).join('');
  return new AlertFilesError(`ORCHESCOPE_ALERT_FILES=${path}: nothing of it is taken:${lines}`);
}

function toProvisioned(
  projectId: string,
  files: readonly CheckedFile[],
  options: LoadOptions,
): ProvisionedAlerts {
  const each = <T, U>(
    of: (content: CheckedFile['content']) => readonly T[],
    to: (one: T, file: string) => U,
  ): U[] => files.flatMap(({ file, content }) => of(content).map((one) => to(one, basename(file))));
  return {
    rules: each(
      ({ rules }) => rules,
      (rule, file) => ({ rule, file }),
    ),
    channels: each(
      ({ channels }) => channels,
      (channel, file) => seal(channel, file, projectId, options),
    ),
    muteTimings: each(
      ({ muteTimings }) => muteTimings,
      (muteTiming, file) => ({ muteTiming, file }),
    ),
  };
}

function seal(
  channel: AlertChannel,
  file: string,
  projectId: string,
  { secretKey, env }: LoadOptions,
): ProvisionedChannel {
  const name = readReference(channel.secret ?? '');
  const secret = name === null ? null : env(name);
  const sealed = sealChannel({ ...channel, secret }, undefined, { projectId, secretKey });
  if (sealed.type === 'sealed') return { ...sealed.known, file };
  throw new AlertFilesError(`${file}: channel ${channel.name}: ${sealed.message}`);
}
