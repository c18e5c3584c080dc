/**
 * Checkpoint and resume: a run stops for a person, and goes on in a new process where it was.
 *
 * A report needs the consent of a person before it is published. Nobody keeps a process waiting for that: the run
 * saves what it has done and ends. A second Node process, later, loads the checkpoint and does only what is left.
 *
 * You will see one run in two traces. The first ends `suspended`, with a `checkpoint` save after every step and the
 * event `interrupt`. The second has the same run id and a link `resumes` to the first; completed steps are not run
 * again, each is told by a `checkpoint` skip and has no span.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emit, init, run, type Carrier } from '@orchescope/sdk';

const telemetry = init({ serviceName: 'checkpoint-resume' });

type Checkpoint = {
  readonly runId: string;
  /** The workflow span that was interrupted. */
  readonly trace: Carrier;
  readonly approved: boolean;
  readonly results: { [step: string]: string };
};

type Step = {
  readonly name: string;
  readonly needsApproval?: true;
  readonly work: (results: Checkpoint['results']) => Promise<string>;
};

const steps: readonly Step[] = [
  { name: 'research', work: async () => '12 sources' },
  { name: 'draft', work: async (results) => `a draft from ${results['research']}` },
  { name: 'publish', needsApproval: true, work: async ({ draft }) => `published: ${draft}` },
];

const load = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Checkpoint;
const save = (file: string, state: Checkpoint) => writeFileSync(file, JSON.stringify(state));

/** Runs every step that the checkpoint does not hold yet, and saves after each. False: it waits for a person. */
async function goOn({ results, ...state }: Checkpoint, file: string): Promise<boolean> {
  for (const { name, needsApproval, work } of steps) {
    if (results[name] !== undefined) {
      emit({ type: 'checkpoint', op: 'skip', id: `report-${name}`, step: name });
      continue;
    }
    if (needsApproval && !state.approved) return false;
    results[name] = await run({ kind: 'step', name, type: 'stage' }, () => work(results));
    save(file, { ...state, results });
    emit({ type: 'checkpoint', op: 'save', id: `report-${name}`, step: name });
  }
  return true;
}

/** The first process: goes as far as it can. */
async function begin(file: string): Promise<void> {
  const runId = crypto.randomUUID();
  await run({ kind: 'workflow', name: 'report', pattern: 'sequential', runId }, async (op) => {
    const reason = 'a person must approve the draft';
    const finished = await goOn({ runId, trace: op.carrier(), approved: false, results: {} }, file);
    if (!finished) op.set({ outcome: 'interrupted', reason }).emit({ type: 'interrupt', reason });
  });
  console.log(`process 1: suspended after ${Object.keys(load(file).results).join(', ')}`);
}

/** The second process: knows nothing but the file. */
async function resume(file: string): Promise<void> {
  const state = load(file);
  const spec = { kind: 'workflow', name: 'report', pattern: 'sequential' } as const;
  const links = [{ to: state.trace, rel: 'resumes' as const }];
  await run({ ...spec, runId: state.runId, parent: null, links }, async (op) => {
    op.emit({ type: 'checkpoint', op: 'load', id: 'report-draft' });
    await goOn(state, file);
  });
  console.log(`process 2: ${load(file).results['publish']}`);
}

const [command, file = ''] = process.argv.slice(2);
if (command === 'resume') {
  await resume(file);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
  const checkpoint = join(folder, 'report.json');
  await begin(checkpoint);
  await telemetry.flush();
  save(checkpoint, { ...load(checkpoint), approved: true }); // a person said yes
  const again = [import.meta.filename, 'resume', checkpoint];
  const { status } = spawnSync(process.execPath, again, { stdio: 'inherit' });
  rmSync(folder, { recursive: true });
  process.exitCode = status ?? 1;
}
