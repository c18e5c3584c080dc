/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { repeat, tell, work, type Fields, type Scope } from '../heldout-traffic.ts';

/** Messages that are all sent at once, or every so often, and handled one after the other. */
function queue(
  run: Scope,
  o: {
    name: string;
    count: number;
    everyMs: number;
    workMs: number;
    lanes?: number;
    lagMs?: number;
    otel?: boolean;
    fields?: Fields;
  },
): void {
  const { name, count, everyMs, workMs, lanes = 1, lagMs = 0, otel = false, fields = {} } = o;
  const began = run.now;
  const free = Array.from({ length: lanes }, () => began);
  let last = began;
  repeat(count, (n) => {
    const attributes = otel
      ? {
          'messaging.system': 'rabbitmq',
          'messaging.destination.name': name,
          'messaging.message.id': `${name}-${n}`,
        }
      : {
          'orchescope.queue.system': 'inproc',
          'orchescope.queue.name': name,
          'orchescope.queue.message.id': `${name}-${n}`,
        };
    const dialect = otel ? 'as-sent' : 'orchescope';
    run.now = began + n * everyMs;
    const sent = run.span({
      kind: 'queue',
      rawKind: 'send',
      otelKind: 4,
      name: `send ${name}`,
      dialect,
      ms: 3,
      ...fields,
      attributes: { ...attributes, ...fields.attributes },
    });
    const lane = free.indexOf(Math.min(...free));
    const start = Math.max(began + n * everyMs + lagMs, free[lane] ?? 0);
    const wait = (start - began - n * everyMs) / 1000;
    run.now = start;
    run.span(
      {
        kind: 'queue',
        rawKind: 'process',
        otelKind: 5,
        name: `process ${name}`,
        dialect,
        attributes: {
          ...attributes,
          ...(otel ? {} : { 'orchescope.queue.wait': wait }),
          ...fields.attributes,
        },
        links: [{ to: sent, rel: otel ? '' : 'caused_by' }],
      },
      (process) =>
        void process.agent(`${name} worker ${lane}`, (agent) => void agent.ask({ ms: workMs })),
    );
    free[lane] = run.now;
    last = Math.max(last, run.now);
  });
  run.now = last;
}

const found: readonly FindingCase[] = [
  {
    name: 'thirty reports at once for one worker that takes two seconds for each',
    finds: [{ variant: 'waiting', subject: 'reports' }],
    spans: tell('orchescope', 'month end', (run) =>
      queue(run, { name: 'reports', count: 30, everyMs: 50, workMs: 2000 }),
    ),
  },
  {
    name: 'a desk that turns three of twenty tasks away, its writers being full',
    finds: [{ variant: 'refused' }],
    spans: tell('orchescope', 'newsroom', (run) => {
      run.agent('desk', (desk) => {
        repeat(20, (n) => {
          desk.tool('assign');
          if (n % 6 === 5)
            desk.event('rejected', {
              'orchescope.rejected.by': 'backpressure',
              'orchescope.rejected.target': 'writers',
            });
          desk.event('queue', {
            'orchescope.queue.name': 'writers',
            'orchescope.queue.depth': Math.min(n, 8),
          });
        });
      });
      work('writer', { rounds: 4 })(run);
    }),
  },
  {
    name: 'RabbitMQ: twenty messages wait ten times as long as they are worked on, with two workers',
    finds: [{ variant: 'waiting' }],
    spans: tell('openllmetry', 'thumbnails', (run) => {
      work('crawler', { rounds: 3 })(run);
      queue(run, { name: 'images', count: 20, everyMs: 100, workMs: 3000, lanes: 2, otel: true });
    }),
  },
  {
    name: 'two workers that say they are overloaded from the second task to the last',
    finds: [{ variant: 'overloaded' }],
    spans: tell('orchescope', 'captions', (run) => {
      run.agent('pool', (pool) => {
        repeat(20, (n) => {
          pool.event('worker', {
            'orchescope.worker.id': `w${n % 2}`,
            'orchescope.worker.state': n < 2 ? 'busy' : 'overloaded',
            'orchescope.worker.load': n < 2 ? 0.5 : 1,
          });
          pool.step('caption', (step) => void step.ask({ ms: 1500 }));
        });
      });
    }),
  },
  {
    name: 'a pool that tells in events how long each of its tasks waited: ten seconds for one of work',
    finds: [{ variant: 'waiting' }],
    spans: tell('orchescope', 'translations', (run) => {
      run.agent('supervisor', (agent) => {
        repeat(15, (n) => {
          agent.event('queue', {
            'orchescope.queue.name': 'translators',
            'orchescope.queue.depth': 15 - n,
            'orchescope.queue.wait': 6 + 0.5 * n,
          });
          agent.step(`text ${n}`, (step) => void step.ask({ ms: 1000 }), {
            attributes: { 'orchescope.step.type': 'task' },
          });
        });
      });
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'twenty tasks that come as fast as three workers take them',
    finds: [],
    spans: tell('orchescope', 'captions', (run) =>
      queue(run, { name: 'captions', count: 20, everyMs: 800, workMs: 2000, lanes: 3 }),
    ),
  },
  {
    name: 'three tasks at once, and work for a while',
    finds: [],
    spans: tell('orchescope', 'reports', (run) => {
      queue(run, { name: 'reports', count: 3, everyMs: 0, workMs: 4000 });
      work('reader', { rounds: 8 })(run);
    }),
  },
  {
    name: 'a provider that refuses eight calls because of its rate limit',
    finds: [],
    spans: tell('orchescope', 'tags', (run) => {
      run.agent('tagger', (agent) => {
        repeat(16, (n) => {
          if (n % 2 === 0)
            agent.event('rejected', {
              'orchescope.rejected.by': 'rate_limit',
              'orchescope.rejected.target': 'openai',
              'orchescope.rejected.retry_after': 2,
            });
          agent.idle(n % 2 === 0 ? 2000 : 0);
          agent.ask();
        });
      });
    }),
  },
  {
    name: 'a burst of twelve that waits for less than half a second before five seconds of work',
    finds: [],
    spans: tell('openllmetry', 'burst', (run) =>
      queue(run, {
        name: 'jobs',
        count: 12,
        everyMs: 400,
        workMs: 5000,
        lanes: 14,
        lagMs: 400,
        otel: true,
      }),
    ),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];

/** Came out wrong when first judged; a rule was changed after them, and they hold nothing out any more. */
export const usedUp: readonly FindingCase[] = [
  {
    name: 'reminders that were sent to be handled ten minutes later',
    finds: [],
    spans: tell('orchescope', 'reminders', (run) => {
      const began = run.now;
      repeat(12, (n) => {
        const attributes = {
          'orchescope.queue.system': 'inproc',
          'orchescope.queue.name': 'reminders',
          'orchescope.queue.message.id': `r-${n}`,
          'orchescope.queue.delay': 600,
        };
        run.now = began + 1000 * n;
        const sent = run.span({
          kind: 'queue',
          rawKind: 'send',
          otelKind: 4,
          name: 'send reminders',
          ms: 2,
          attributes,
        });
        run.now = began + 600_000 + 1000 * n;
        run.span(
          {
            kind: 'queue',
            rawKind: 'process',
            otelKind: 5,
            name: 'process reminders',
            attributes: { ...attributes, 'orchescope.queue.wait': 600 },
            links: [{ to: sent, rel: 'caused_by' }],
          },
          (process) => void process.ask({ ms: 700 }),
        );
      });
    }),
  },
];
