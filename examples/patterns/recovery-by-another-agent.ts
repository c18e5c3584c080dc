/**
 * Recovery by an alternative agent: who can do the same takes over what is left.
 *
 * An agent breaks down in the middle of its work. The supervisor finds another one that can do the same, gives it what
 * the first had finished, and asks the first no more.
 *
 * You will see, below the supervisor, a step `attempt` with the failed agent, the events `worker` failed and `fallback`,
 * and a second step, linked `retries` to the first, with the agent that took over: it does only the chapters left. The
 * second job goes straight to the alternative. The third is of a kind nobody else can do: it fails.
 */
import { emit, init, run, type Carrier } from '@orchescope/sdk';

init({ serviceName: 'recovery-by-another-agent' });

/** Calls `finished` for every chapter, so that what is done is not lost with the agent. */
type Work = (chapters: readonly string[], finished: (chapter: string) => void) => Promise<void>;
type Agent = { readonly name: string; readonly can: readonly string[]; readonly work: Work };
type Job = { readonly skill: string; readonly chapters: readonly string[] };

class ContextOverflowError extends Error {
  readonly code = 'context_overflow';
}

const translate = (chapter: string) =>
  run({ kind: 'llm', name: 'write', provider: 'openai', model: 'gpt-5-mini' }, async (op) => {
    op.set({ usage: { inputTokens: 900, outputTokens: 850 } });
    return `translated ${chapter}`;
  });

const fragile: Work = async (chapters, finished) => {
  for (const [index, chapter] of chapters.entries()) {
    if (index === 2) throw new ContextOverflowError('two chapters fill the context window');
    await translate(chapter);
    finished(chapter);
  }
};

const steady: Work = async (chapters, finished) => {
  for (const chapter of chapters) {
    await translate(chapter);
    finished(chapter);
  }
};

const agents: readonly Agent[] = [
  { name: 'small-translator', can: ['german', 'icelandic'], work: fragile },
  { name: 'large-translator', can: ['german', 'french'], work: steady },
];
const broken = new Set<string>();

const findAgent = (skill: string): Agent | undefined =>
  agents.find(({ name, can }) => can.includes(skill) && !broken.has(name));

async function supervise({ skill, chapters }: Job): Promise<readonly string[]> {
  const finished: string[] = [];
  let agent = findAgent(skill);
  if (!agent) throw new Error(`no working agent can do ${skill}`);
  let previous: Carrier | undefined;
  for (let attempt = 1; ; attempt++) {
    const { name, work } = agent;
    const left = chapters.filter((chapter) => !finished.includes(chapter));
    const links = previous ? [{ to: previous, rel: 'retries' as const }] : [];
    try {
      await run({ kind: 'step', name: skill, type: 'attempt', attempt, links }, (op) => {
        previous = op.carrier();
        return run({ kind: 'agent', name, role: 'worker', input: left }, () =>
          work(left, (chapter) => finished.push(chapter)),
        );
      });
      return finished;
    } catch (error) {
      broken.add(name);
      emit({ type: 'worker', id: name, state: 'failed' });
      agent = findAgent(skill);
      if (!agent)
        throw new Error(`${name} failed and no other agent can do ${skill}`, { cause: error });
      emit({ type: 'fallback', from: name, to: agent.name });
    }
  }
}

async function answer(job: Job): Promise<void> {
  const spec = { kind: 'agent', name: 'supervisor', role: 'supervisor' } as const;
  const chapters = await run(spec, () => supervise(job)).catch((error: Error) => error.message);
  console.log(`${job.skill}:`, chapters);
}

await run({ kind: 'workflow', name: 'translate-books', pattern: 'supervisor' }, async (op) => {
  await answer({ skill: 'german', chapters: ['one', 'two', 'three'] });
  await answer({ skill: 'german', chapters: ['four'] });
  await answer({ skill: 'icelandic', chapters: ['five'] });
  op.set({ outcome: 'partial' }).emit({ type: 'partial', ok: 2, failed: 1, policy: 'best_effort' });
});
