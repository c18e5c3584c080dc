/** Whether files can be used: each alone, and all of them together. */
import type { AlertChannel } from '../../contract.ts';
import { checkChannel } from '../channels/check-channel.ts';
import { defaultRulesOf } from '../default-rules.ts';
import { checkMuteTiming } from '../settings/check-mute-timing.ts';
import { checkRule, warningsOf, type RuleContext } from '../settings/check-rule.ts';
import { alertFile, type AlertFile } from './alert-file.ts';
import { checkShape } from './check-shape.ts';
import type { FileProblem } from './file-problem.ts';
import { readYaml, type Path, type YamlSource } from './read-yaml.ts';
import { readReference, type Environment } from './secret-reference.ts';

export type WrittenFile = { readonly file: string; readonly text: string };

export type CheckedFile = {
  readonly file: string;
  /** As it is written, with the names of secrets in their place. */
  readonly content: AlertFile;
};

export type CheckedFiles = {
  /** Those whose shape is right. */
  readonly files: readonly CheckedFile[];
  /** None = all can be used. */
  readonly problems: readonly FileProblem[];
  /** What can be used, and may not be what was meant. */
  readonly notes: readonly FileProblem[];
};

type Opened = CheckedFile & { readonly source: YamlSource };

/** @param env null = secrets are not looked for: whoever checks need not know them */
export function checkAlertFiles(
  written: readonly WrittenFile[],
  env: Environment | null,
): CheckedFiles {
  const problems: FileProblem[] = [];
  const files = written.flatMap((one) => open(one, problems));
  const notes: FileProblem[] = [];
  const contexts = toContexts(files);
  for (const one of files) {
    const context = contexts.get(one.content.project);
    if (context === undefined) continue;
    problems.push(...checkContent(one, context, env));
    notes.push(...findDoubts(one, context));
  }
  problems.push(...findTwice(files), ...findTooMany(files));
  return { files: files.map(({ file, content }) => ({ file, content })), problems, notes };
}

function open({ file, text }: WrittenFile, problems: FileProblem[]): Opened[] {
  const read = readYaml(file, text);
  if (read.type === 'broken') {
    problems.push(...read.problems);
    return [];
  }
  const shaped = checkShape(read.source, alertFile);
  if (shaped.type === 'shaped') return [{ file, content: shaped.value, source: read.source }];
  problems.push(...shaped.problems);
  return [];
}

/** What the rules of a project may refer to: what ships, and what stands in any of the files. */
function toContexts(files: readonly Opened[]): ReadonlyMap<string, RuleContext> {
  const byProject = Map.groupBy(files, ({ content }) => content.project);
  return new Map(
    [...byProject].map(([projectId, own]) => {
      const all = own.map(({ content }) => content);
      const ids = all.flatMap(({ rules }) => rules.map(({ id }) => id));
      const context = {
        projectId,
        channels: all.flatMap(({ channels }) => channels.map(({ name }) => name)),
        muteTimings: all.flatMap(({ muteTimings }) => muteTimings.map(({ name }) => name)),
        ruleIds: [...defaultRulesOf(projectId).map(({ id }) => id), ...ids],
      };
      return [projectId, context];
    }),
  );
}

function checkContent(
  { content, source }: Opened,
  context: RuleContext,
  env: Environment | null,
): FileProblem[] {
  const tell = toTell(source);
  return [
    ...content.rules.flatMap((rule, place) => tell(['rules', place], checkRule(rule, context))),
    ...content.channels.flatMap((channel, place) =>
      tell(['channels', place], checkWrittenChannel(channel, env)),
    ),
    ...content.muteTimings.flatMap((timing, place) =>
      tell(['muteTimings', place], checkMuteTiming(timing)),
    ),
  ];
}

/** What a rule names may be made elsewhere; whether anybody hears of one that names nobody is not known here. */
function findDoubts({ content, source }: Opened, context: RuleContext): FileProblem[] {
  const tell = toTell(source);
  return content.rules.flatMap((rule, place) => {
    const channels = rule.channels.length === 0 ? ['any'] : context.channels;
    return tell(['rules', place], warningsOf(rule, { ...context, channels }));
  });
}

/** Sentences of checks begin with the field they are about, if they are about one. */
function toTell(source: YamlSource): (path: Path, sentences: readonly string[]) => FileProblem[] {
  return (path, sentences) =>
    sentences.map((sentence) => {
      const field = /^([\w-]+(?:\.[\w-]+)*): /.exec(sentence)?.[1] ?? '';
      const prefix = field === '' ? `${path.join('.')}: ` : `${path.join('.')}.`;
      const steps = field === '' ? [] : field.split('.').map(toStep);
      return source.at([...path, ...steps], `${prefix}${sentence}`);
    });
}

function toStep(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** Never tells what stands there: whoever wrote a secret into a file need not find it in a log too. */
function checkWrittenChannel(channel: AlertChannel, env: Environment | null): string[] {
  const { secret } = channel;
  if (secret === null || secret === '') return orNone(checkChannel(channel));
  const name = readReference(secret);
  if (name === null) {
    return [
      'secret: a secret does not belong in a file. Write ${env:NAME}, and set it in the environment of the server.',
    ];
  }
  if (env === null) return orNone(checkChannel({ ...channel, secret: null }, true));
  const value = env(name);
  if (value === null) return [`secret: ${name} is not set in the environment.`];
  return orNone(checkChannel({ ...channel, secret: value }));
}

function orNone(problem: string | null): string[] {
  return problem === null ? [] : [problem];
}

/** Each is looked at once a minute, wherever it was set. */
const mostRules = 1_000;

function findTooMany(files: readonly Opened[]): FileProblem[] {
  const counts = new Map<string, number>();
  return files.flatMap(({ source, content: { project, rules } }) => {
    const before = counts.get(project) ?? 0;
    counts.set(project, before + rules.length);
    if (before > mostRules || before + rules.length <= mostRules) return [];
    const sentence = `rules: a project has at most ${mostRules} rules. Let one rule watch several groups.`;
    return [source.at(['rules'], sentence)];
  });
}

const kindsOfNames = {
  rules: { what: 'rule', field: 'id' },
  channels: { what: 'channel', field: 'name' },
  muteTimings: { what: 'mute timing', field: 'name' },
} as const;

/** Of two of a name one would be left out, and nobody knows which. */
function findTwice(files: readonly Opened[]): FileProblem[] {
  const first = new Map<string, FileProblem>();
  const problems: FileProblem[] = [];
  for (const { source, content } of files) {
    for (const list of ['rules', 'channels', 'muteTimings'] as const) {
      const { what, field } = kindsOfNames[list];
      for (const [place, one] of content[list].entries()) {
        const name = 'id' in one ? one.id : one.name;
        const path = [list, place, field];
        const key = JSON.stringify([content.project, list, name]);
        const before = first.get(key);
        if (before === undefined) {
          first.set(key, source.at(path, ''));
          continue;
        }
        const where = `${before.file}:${before.line}`;
        const sentence = `${path.join('.')}: there is a ${what} ${name} in ${where} already. Choose another ${field}.`;
        problems.push(source.at(path, sentence));
      }
    }
  }
  return problems;
}
