import { models } from '../models.ts';
import { toLink, type Run } from '../run.ts';
import { talk } from '../talk.ts';
import { agent, approval, step, tool, workflow } from '../verbs.ts';
import type { Workflow } from './workflow.ts';

const minuteMs = 60_000;

/** An invoice on its way into the books: stages in a row, a person for large sums, and an undo when the last stage fails. */
export const documentPipeline: Workflow = {
  name: 'invoice-intake',
  service: 'back-office',
  weight: 9,
  hours: 'office',
  talksTo: 'nobody',
  tell: ({ random, begin }) => {
    const run = begin();
    const eur = Math.round(random.longTail(1800, 1.1));
    const supplier = random.pick([
      'Nordwind Logistik',
      'Casa Azul Lda',
      'Brightside Print',
      'Helix Cloud',
    ]);
    const invoice = { supplier, number: `R-${random.int(10_000, 99_999)}`, eur };
    workflow(
      run,
      'invoice-intake',
      { pattern: 'saga', input: `scan of ${invoice.number}` },
      (root) => {
        stage(run, 'read', 0, () =>
          tool(
            run,
            { name: 'ocr', args: { pages: 2 }, result: { chars: 3180 }, ms: 2600 },
            'call_ocr',
          ),
        );
        stage(run, 'extract', 1, () => extract(run, invoice));
        if (eur > 5000) {
          stage(run, 'approve', 2, () =>
            approval(run, `payment of ${eur} EUR`, random.longTail(35 * minuteMs, 0.8), 'approved'),
          );
        }
        const fails = random.chance(0.06);
        stage(run, 'post', 3, () => post(run, invoice, fails));
        if (!fails) return;
        root.fail('ledger_unavailable', 'posting failed, the reservation was released');
        root.set({
          'orchescope.run.outcome': 'terminated',
          'orchescope.run.reason': 'compensated',
        });
      },
    );
  },
};

type Invoice = { readonly supplier: string; readonly number: string; readonly eur: number };

function stage(run: Run, name: string, index: number, body: () => void): void {
  step(run, 'stage', name, { index, of: 4 }, body);
}

function extract(run: Run, invoice: Invoice): void {
  agent(run, 'extractor', 'worker', () => {
    const model = talk(run, {
      model: models.mistral,
      system: 'Return supplier, number and total as JSON.',
      hiddenTokens: 1200,
    });
    model.user(
      `INVOICE ${invoice.number}\n${invoice.supplier}\nTotal due EUR ${invoice.eur}.00, 30 days net`,
    );
    if (run.random.chance(0.15)) {
      model.says(`{"supplier": "${invoice.supplier}", "number": ${invoice.number}}`);
      run.emit('rejected', { by: 'schema', target: 'invoice' });
      model.user('number must be a string, total is missing');
    }
    model.says(JSON.stringify(invoice));
  });
}

/** Reserve, then post. When posting fails for good, the reservation is taken back by a step linked to it. */
function post(run: Run, invoice: Invoice, fails: boolean): void {
  const reserved = step(run, 'action', 'reserve', {}, (span) => {
    tool(
      run,
      { name: 'reserve_budget', args: invoice, result: { reservation: 'res_41' }, ms: 180 },
      'call_reserve',
    );
    return span;
  });
  const failure = { errorType: 'ledger_unavailable', message: '503 from ledger.example.internal' };
  const tries = fails ? 3 : 1;
  for (let attempt = 1; attempt <= tries; attempt++) {
    step(run, 'attempt', 'post', { attempt }, (span) => {
      tool(
        run,
        {
          name: 'post_to_ledger',
          args: invoice,
          result: fails ? failure : { entry: 'led_9007' },
          ms: 420,
        },
        'call_post',
      );
      if (fails) span.fail(failure.errorType, failure.message);
    });
    if (!fails) return;
    run.emit('retry', { attempt, max: tries, delayMs: 2000 * attempt, reason: failure.errorType });
    run.wait(2000 * attempt);
  }
  step(run, 'compensation', 'release', { links: [toLink(reserved, 'compensates')] }, () => {
    tool(
      run,
      { name: 'release_budget', args: { reservation: 'res_41' }, result: 'released', ms: 150 },
      'call_release',
    );
  });
  run.emit('dead_letter', {
    destination: 'invoices-failed',
    reason: failure.errorType,
    attempts: tries,
  });
}
