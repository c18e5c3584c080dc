/**
 * A sequential pipeline: each stage works on what the one before it made.
 *
 * Between two stages a transform brings the output of one into the form the next wants. A transform is plain code, and
 * a span of its own, so that a slow or failing one is not blamed on a model.
 *
 * You will see one run whose steps follow each other, each with its place (`step.index` of `step.of`). The second
 * article is too short: its transform throws, the stages after it never start, and the run is failed.
 */
import { init, run } from '@orchescope/sdk';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'sequential-pipeline' });

type Stage = {
  readonly name: string;
  readonly type: 'stage' | 'transform';
  readonly work: (text: string) => string | Promise<string>;
};

/** Runs the stages in order. The first that throws ends the run. */
function runPipeline(name: string, stages: readonly Stage[], input: string): Promise<string> {
  return run({ kind: 'workflow', name, pattern: 'sequential', input }, async (op) => {
    let text = input;
    for (const [index, { name, type, work }] of stages.entries()) {
      const place = { index, of: stages.length };
      text = await run({ kind: 'step', name, type, ...place, input: text }, async (step) => {
        const output = await work(text);
        step.set({ output });
        return output;
      });
    }
    op.set({ output: text });
    return text;
  });
}

const ask = createFakeModel((prompt) =>
  prompt
    .replace('Summarise:', 'In short:')
    .replace('Translate:', 'Auf Deutsch:')
    .replace('Title:', 'A title for:'),
);

/** An agent stage: a prompt, a model, an answer. */
function agent(name: string, instruction: string): Stage {
  const work = (text: string) =>
    run({ kind: 'agent', name, input: text }, () => ask(`${instruction}: ${text}`));
  return { name, type: 'stage', work };
}

class TooShortError extends Error {}

function stripMarkup(html: string): string {
  const text = html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  if (text.trim().length < 20) throw new TooShortError('fewer than 20 letters are left');
  return text.trim();
}

const firstSentence = (text: string): string => `${text.split('. ')[0]}.`;

const stages: readonly Stage[] = [
  { name: 'strip-markup', type: 'transform', work: stripMarkup },
  agent('summariser', 'Summarise'),
  { name: 'first-sentence', type: 'transform', work: firstSentence },
  agent('translator', 'Translate'),
];

const article = '<h1>Tides</h1> <p>The moon pulls the sea. The sun helps.</p>';
console.log(await runPipeline('publish-article', stages, article));

await runPipeline('publish-article', stages, '<p>Tides</p>').catch((error: TooShortError) =>
  console.log(`not published: ${error.message}`),
);
