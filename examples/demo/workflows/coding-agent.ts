import { models } from '../models.ts';
import type { Run } from '../run.ts';
import { talk, type Talk } from '../talk.ts';
import { agent, step, workflow } from '../verbs.ts';
import type { Workflow } from './workflow.ts';

/** Read, edit, run the tests, again until they pass. Some runs go round without getting anywhere and are stopped. */
export const codingAgent: Workflow = {
  name: 'fix-issue',
  service: 'code-robot',
  weight: 9,
  hours: 'office',
  talksTo: 'nobody',
  tell: ({ random, begin }) => {
    const run = begin();
    const issue = random.pick(issues);
    const stuck = random.chance(0.14);
    const rounds = stuck ? 9 : random.int(2, 5);
    workflow(run, 'fix-issue', { pattern: 'supervisor', input: issue.title }, (root) => {
      agent(run, 'coder', 'worker', (coder) => {
        const model = talk(run, {
          model: models.sonnet,
          system: 'Fix the issue. Run the tests after every edit.',
          hiddenTokens: 5200,
        });
        model.user(`${issue.title}\n\n${issue.body}`);
        model.calls(
          { name: 'read_file', args: { path: issue.file }, result: issue.source, ms: 40 },
          {
            name: 'grep',
            args: { pattern: issue.symbol },
            result: `${issue.file}:41\ntest/${issue.symbol}.test.ts:12`,
            ms: 90,
          },
        );
        for (let round = 1; round <= rounds; round++) {
          step(run, 'iteration', 'edit-and-test', { loop: 'until-green', iteration: round }, () => {
            editAndTest(run, model, issue, { passes: !stuck && round === rounds, stuck });
          });
        }
        if (stuck) {
          run.emit('loop', {
            kind: 'repeat',
            period: 1,
            repeats: rounds,
            signature: 'edit_file>run_tests',
          });
          coder.fail('loop_limit', 'nine rounds with the same failing test');
        } else {
          model.says('The tests pass. The pull request explains the cause.');
        }
      });
      if (stuck) {
        root.fail('loop_limit', 'stopped after nine rounds');
        root.set({
          'orchescope.run.outcome': 'terminated',
          'orchescope.run.reason': 'no progress',
        });
      } else {
        review(run, issue);
      }
    });
  },
};

type Round = { readonly passes: boolean; readonly stuck: boolean };

function editAndTest(run: Run, model: Talk, issue: Issue, { passes, stuck }: Round): void {
  if (!stuck && run.random.chance(0.1)) {
    const message = 'edit_file: "replace" must be a string, got an object';
    model.calls({
      name: 'edit_file',
      args: { path: issue.file, replace: {} },
      result: { errorType: 'invalid_arguments', message },
      ms: 4,
    });
    run.emit('rejected', { by: 'schema', target: 'edit_file' });
  }
  model.calls({
    name: 'edit_file',
    args: { path: issue.file, replace: issue.patch },
    result: 'ok, 1 hunk',
    ms: 15,
  });
  const result = passes
    ? '214 passed'
    : {
        errorType: 'tests_failed',
        message: `1 failed: test/${issue.symbol}.test.ts > keeps the last row`,
      };
  model.calls({ name: 'run_tests', args: { filter: issue.symbol }, result, ms: 9000 });
}

function review(run: Run, issue: Issue): void {
  step(run, 'review', 'review', {}, () => {
    agent(run, 'reviewer', 'critic', () => {
      const model = talk(run, {
        model: models.gpt,
        system: 'Review the diff. Name risks, not style.',
        hiddenTokens: 3100,
      });
      model.user(`diff of ${issue.file}`);
      model.says(
        'Correct, and the new test fails without the change. No risk seen beyond the changed function.',
      );
    });
    run.emit('review', { verdict: 'approved', score: 0.9 });
  });
}

type Issue = {
  title: string;
  body: string;
  file: string;
  symbol: string;
  source: string;
  patch: string;
};

const issues: [Issue, ...Issue[]] = [
  {
    title: 'CSV export drops the last row',
    body: 'With exactly 1,000 rows the file has 999 lines. It began with version 4.2.',
    file: 'src/export/to-csv.ts',
    symbol: 'toCsv',
    source: 'for (let i = 0; i < rows.length - 1; i++) lines.push(toLine(rows[i]));',
    patch: 'for (const row of rows) lines.push(toLine(row));',
  },
  {
    title: 'Sign-in loops in Safari when cookies are blocked',
    body: 'The page reloads for ever. Expected: a sentence that says what to allow.',
    file: 'src/session/sign-in.ts',
    symbol: 'signIn',
    source: 'if (!session) return redirect("/sign-in");',
    patch: 'if (!session) return cookiesWork ? redirect("/sign-in") : page("cookies-needed");',
  },
  {
    title: 'Retry hammers the server when Retry-After is a date',
    body: 'RFC 9110 allows a date. We parse NaN and wait 0 ms.',
    file: 'src/http/retry.ts',
    symbol: 'toDelay',
    source: 'return Number(header) * 1000;',
    patch:
      'return Number.isNaN(Number(header)) ? Date.parse(header) - now : Number(header) * 1000;',
  },
];
