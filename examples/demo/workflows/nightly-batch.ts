import { models } from '../models.ts';
import { toLink, type Run } from '../run.ts';
import { talk } from '../talk.ts';
import { agent, approval, step, workflow } from '../verbs.ts';
import type { Workflow } from './workflow.ts';

const hourMs = 3_600_000;

/**
 * Books are closed at night and a person signs in the morning. Some runs wait inside their trace; others save a
 * checkpoint, stop, and go on in a new trace that links back to the old one.
 */
export const nightlyBatch: Workflow = {
  name: 'nightly-close',
  service: 'ledger-batch',
  weight: 1.5,
  hours: 'night',
  talksTo: 'nobody',
  tell: ({ random, begin }) => {
    const run = begin();
    const ledger = random.pick(['DE-01', 'PT-04', 'US-02']);
    const suspends = random.chance(0.5);
    const waitMs = random.longTail(5 * hourMs, 0.25);
    const checkpoint = `chk_${random.hex(4)}`;
    let before = { traceId: '', spanId: '' };
    workflow(
      run,
      'nightly-close',
      { pattern: 'hierarchical', input: `close ${ledger}` },
      (root) => {
        before = root;
        reconcile(run, ledger);
        if (!suspends) {
          approval(run, `closing of ${ledger}`, waitMs, 'approved');
          closeBooks(run, ledger);
          return;
        }
        run.emit('checkpoint', { op: 'save', id: checkpoint, step: 'reconcile' });
        run.emit('interrupt', { reason: `waiting for a signature on ${ledger}` });
        root.set({
          'orchescope.run.outcome': 'suspended',
          'orchescope.run.reason': 'waiting for a signature',
        });
      },
    );
    if (!suspends) return;
    const resumed = begin(waitMs);
    const facts = {
      pattern: 'hierarchical',
      input: `close ${ledger}`,
      links: [toLink(before, 'resumes')],
    };
    workflow(resumed, 'nightly-close', facts, () => {
      resumed.emit('checkpoint', { op: 'load', id: checkpoint, step: 'reconcile' });
      closeBooks(resumed, ledger);
    });
  },
};

function reconcile(run: Run, ledger: string): void {
  agent(run, 'director', 'director', () => {
    const accounts = run.random.int(12, 30);
    run.emit('queue', { name: 'accounts', depth: accounts, waitMs: 1200 });
    for (let index = 0; index < accounts; index += 4) {
      run.parallel(
        Array.from({ length: Math.min(4, accounts - index) }, (_, lane) => () => {
          step(run, 'task', 'account', { index: index + lane, of: accounts }, () =>
            matchAccount(run, ledger, index + lane),
          );
        }),
      );
    }
  });
}

function matchAccount(run: Run, ledger: string, account: number): void {
  agent(run, 'matcher', 'worker', () => {
    const model = talk(run, {
      model: models.geminiFlash,
      system: 'Match bank lines to entries.',
      hiddenTokens: 3400,
    });
    model.user(`Ledger ${ledger}, account ${1200 + account * 10}: 418 lines, 3 without a match.`);
    model.calls({
      name: 'sql_query',
      args: { sql: 'SELECT id, eur FROM entries WHERE matched = 0' },
      result: [{ id: 9, eur: 120.5 }],
      ms: 350,
    });
    model.says('Entry 9 belongs to bank line 77: same sum, one day apart. Two lines stay open.');
  });
}

function closeBooks(run: Run, ledger: string): void {
  agent(run, 'closer', 'manager', () => {
    const model = talk(run, {
      model: models.gpt,
      system: 'Close the period and write the note.',
      hiddenTokens: 2200,
    });
    model.user(`Signed. Close ${ledger}.`);
    model.calls({ name: 'close_period', args: { ledger }, result: { closed: true }, ms: 2100 });
    model.says(`${ledger} is closed. Two bank lines stay open and are listed in the note.`);
  });
}
