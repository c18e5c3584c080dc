/**
 * Agents going in circles, and two who only seem to.
 *
 * Nothing fails in a loop: every call succeeds and is paid for. So the SDK watches what is done with what result, and
 * tells on the very span that closes the circle. Nothing has to be called for that.
 *
 * You will see the event `loop` with its kind on: the third equal search (`repeat`), the ninth call of a round of three
 * tools (`cycle`), the handoff that goes back for the third time (`ping_pong`), and the fifth round that left the work
 * as it was (`no_progress`). A loop that goes on is told again when it has doubled. The two pollers call the same tool
 * again and again too, but one sees its answer change and the other waits in between: no event.
 */
import { emit, init, observe, run } from '@orchescope/sdk';
import { createVirtualClock } from './virtual-clock.ts';

init({ serviceName: 'loop-detection' });

const clock = createVirtualClock();

const search = observe(async (query: string) => `nothing found for ${query}`, {
  kind: 'tool',
  name: 'search',
  in: (query) => ({ args: { query } }),
  out: (result) => ({ result }),
});

/** Does not know that it asked before: its context is full. */
async function forgetfulResearcher(): Promise<void> {
  await run({ kind: 'agent', name: 'researcher' }, async () => {
    for (let turn = 1; turn <= 6; turn++) await search('the price of tea');
    emit({ type: 'terminate', reason: 'max_turns' });
  });
}

const tool = (name: string, result: string) =>
  observe(async (file: string) => `${file}: ${result}`, {
    kind: 'tool',
    name,
    in: (file) => ({ args: { file } }),
    out: (answer) => ({ result: answer }),
  });
const coding = [
  tool('read_file', 'return a - b'),
  tool('edit_file', 'the patch does not apply'),
  tool('run_tests', '1 failed'),
];

/** Reads, patches, tests; the patch never applies. */
async function stubbornCoder(): Promise<void> {
  await run({ kind: 'agent', name: 'coder' }, async () => {
    for (let turn = 1; turn <= 3; turn++) for (const call of coding) await call('sum.ts');
    emit({ type: 'terminate', reason: 'max_turns' });
  });
}

/** Each of the two is sure that the other one is in charge. */
async function helpDesk(): Promise<void> {
  const other = { billing: 'support', support: 'billing' } as const;
  let agent: keyof typeof other = 'support';
  for (let hop = 1; hop <= 6; hop++) {
    const from: keyof typeof other = agent;
    agent = await run({ kind: 'agent', name: from }, () =>
      run({ kind: 'handoff', name: other[from], hop, reason: 'not mine' }, () => other[from]),
    );
  }
  emit({ type: 'escalation', to: 'a person', reason: 'nobody is in charge' });
}

/** Polishes an essay that stays as it is: `progress` is whatever tells one state of the work from another. */
async function perfectionist(): Promise<void> {
  let essay = 'Tea is a drink.';
  for (let iteration = 1; iteration <= 5; iteration++) {
    const place = { loop: 'polish', iteration };
    await run({ kind: 'step', name: 'polish', type: 'iteration', ...place }, async (op) => {
      essay = await run({ kind: 'agent', name: 'editor' }, async () => essay.trim());
      op.set({ progress: `${essay.length} letters` });
    });
  }
}

let asked = 0;
const jobStatus = observe(async (_job: string) => (asked += 10), {
  kind: 'tool',
  name: 'job_status',
  in: (job) => ({ args: { job } }),
  out: (percent) => ({ result: percent }),
});
const mailbox = tool('read_mailbox', 'empty');

/** The same call, the answer changes: somebody is watching a job. */
async function jobWatcher(): Promise<void> {
  await run({ kind: 'agent', name: 'job-watcher' }, async () => {
    while ((await jobStatus('import')) < 80);
  });
}

/** The same call with the same answer, but it waits before it looks again. */
async function mailWatcher(): Promise<void> {
  await run({ kind: 'agent', name: 'mail-watcher' }, async () => {
    for (let look = 1; look <= 6; look++) {
      await mailbox('inbox');
      await run({ kind: 'step', name: 'until the next look', type: 'wait' }, () =>
        clock.sleep(60_000),
      );
    }
  });
}

const all = {
  forgetfulResearcher,
  stubbornCoder,
  helpDesk,
  perfectionist,
  jobWatcher,
  mailWatcher,
};
for (const [name, work] of Object.entries(all)) {
  await run({ kind: 'workflow', name }, work);
  console.log(`${name} is done`);
}
