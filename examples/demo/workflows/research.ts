import { models } from '../models.ts';
import { toLink, type Run } from '../run.ts';
import type { SpanRef } from '../trace.ts';
import { talk } from '../talk.ts';
import { agent, step, workflow } from '../verbs.ts';
import type { Workflow } from './workflow.ts';

/** A lead splits a question, researchers work side by side, one of them often far slower, a writer joins what came. */
export const research: Workflow = {
  name: 'research-report',
  service: 'research-team',
  weight: 11,
  hours: 'office',
  talksTo: 'people',
  tell: ({ random, begin }) => {
    const run = begin();
    const { question, angles, report } = random.pick(subjects);
    workflow(run, 'research-report', { pattern: 'parallel', input: question }, (root) => {
      agent(run, 'lead', 'supervisor', () => {
        const model = talk(run, {
          model: models.gpt,
          system: 'Split the question into independent angles.',
        });
        model.user(question);
        model.says(angles.join('\n'));
      });
      const branches: SpanRef[] = [];
      const failed = investigate(run, angles, branches);
      step(run, 'aggregate', 'join', { links: branches.map((to) => toLink(to, 'fan_in')) }, () => {
        agent(run, 'writer', 'writer', () => {
          const model = talk(run, {
            model: models.opus,
            system: 'Write one page. Cite.',
            hiddenTokens: 9000,
          });
          model.user(
            `Findings on ${angles.length - failed} of ${angles.length} angles are attached.`,
          );
          model.says(report);
        });
      });
      if (failed === 0) return;
      run.emit('partial', { ok: angles.length - failed, failed, policy: 'best_effort' });
      root.set({
        'orchescope.run.outcome': 'partial',
        'orchescope.run.reason': `${failed} angles failed`,
      });
    });
  },
};

/** Returns how many branches failed. */
function investigate(run: Run, angles: readonly string[], branches: SpanRef[]): number {
  const straggler = run.random.chance(0.3) ? run.random.int(0, angles.length - 1) : -1;
  let failed = 0;
  run.parallel(
    angles.map((angle, index) => () => {
      step(run, 'branch', `angle-${index}`, { index, of: angles.length }, (span) => {
        branches.push(span);
        const fails = run.random.chance(0.05);
        agent(run, 'researcher', 'worker', (worker) => {
          searchAndRead(run, angle, index === straggler ? 45_000 : 1300);
          if (fails) worker.fail('budget_exceeded', 'spent 40,000 tokens without a finding');
        });
        if (!fails) return;
        failed++;
        run.emit('budget', { unit: 'tokens', used: 41_200, limit: 40_000 });
        span.fail('budget_exceeded', 'the researcher gave up');
      });
    }),
  );
  return failed;
}

function searchAndRead(run: Run, angle: string, readMs: number): void {
  const model = talk(run, {
    model: run.random.pick([models.geminiPro, models.sonnet]),
    system: 'Find two sources that disagree, then say which is right.',
    hiddenTokens: 1400,
  });
  model.user(angle);
  model.calls({
    name: 'web_search',
    args: { query: angle, count: 10 },
    result: { hits: 10, best: 'https://example.org/report-2026' },
    ms: 700,
  });
  model.calls(
    {
      name: 'fetch_page',
      args: { url: 'https://example.org/report-2026' },
      result: `# ${angle}\nThe figure rose from 14.1 to 19.8 in two years.`,
      ms: readMs,
    },
    {
      name: 'fetch_page',
      args: { url: 'https://example.com/counter' },
      result: 'Measured otherwise, it rose from 14.1 to 16.0.',
      ms: 900,
    },
  );
  if (run.random.chance(0.5)) {
    model.calls({
      name: 'python',
      args: { code: '(19.8 - 14.1) / 14.1' },
      result: '0.404',
      ms: 240,
    });
  }
  model.says(
    'Both agree on 14.1. The first counts leased vehicles too, which fits the question: 19.8.',
  );
}

type Subject = { question: string; angles: readonly string[]; report: string };

const subjects: [Subject, ...Subject[]] = [
  {
    question: 'How fast is the electric van market growing in Europe, and who gains?',
    angles: [
      'registrations by country',
      'prices and subsidies',
      'market share by maker',
      'fleet operators',
      'charging at depots',
    ],
    report:
      'Electric vans reached 19.8 % of new registrations in the last quarter. Two makers gained most of it, and depot charging, not price, now decides who buys.',
  },
  {
    question: 'Which open reranking models are good enough to replace our paid one?',
    angles: [
      'benchmarks on our languages',
      'licences',
      'latency on our hardware',
      'cost per thousand queries',
    ],
    report:
      'Two models stay within one point of the paid one in all our languages. Only one of them answers within 80 ms on our hardware, and its licence allows it.',
  },
  {
    question: 'What would it take to open a support desk in Lisbon?',
    angles: [
      'salaries',
      'employment law',
      'office costs',
      'languages spoken',
      'competitors that did it',
      'time to hire',
    ],
    report:
      'Twelve people can be hired within four months for 61 % of the cost of the Dublin desk. Portuguese law asks for a local entity from the first employee on.',
  },
];
