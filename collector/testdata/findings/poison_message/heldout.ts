/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import {
  failed,
  repeat,
  tell,
  tellBare,
  work,
  type Fields,
  type Scope,
} from '../heldout-traffic.ts';

type Delivery = {
  readonly queue?: string;
  readonly id: string;
  readonly n?: number;
  readonly error?: string;
};

/** As the SDK tells it. */
function deliver(
  run: Scope,
  { queue = 'orders', id, n = 0, error }: Delivery,
  body?: (scope: Scope) => void,
): void {
  run.span(
    {
      kind: 'queue',
      rawKind: 'process',
      name: `process ${queue}`,
      otelKind: 5,
      attempt: n + 1,
      attributes: {
        'orchescope.queue.system': 'inproc',
        'orchescope.queue.name': queue,
        'orchescope.queue.message.id': id,
        'orchescope.retry.attempt': n + 1,
      },
      ...(error === undefined ? {} : failed(error)),
    },
    (delivery) => {
      delivery.agent(
        'packer',
        (agent) => agent.round({ tools: [['pack']] }),
        error === undefined ? {} : failed(error),
      );
      body?.(delivery);
    },
  );
}

/** As OpenTelemetry tells it of a broker. */
function consume(
  run: Scope,
  system: string,
  destination: string,
  id: string,
  error?: string,
  fields: Fields = {},
): void {
  run.span({
    kind: 'queue',
    rawKind: 'process',
    name: `process ${destination}`,
    otelKind: 5,
    dialect: 'as-sent',
    ms: 300,
    attributes: {
      'messaging.system': system,
      'messaging.destination.name': destination,
      ...(id === '' ? {} : { 'messaging.message.id': id }),
    },
    ...(error === undefined ? {} : failed(error)),
    ...fields,
  });
}

const dead = (scope: Scope, reason: string): void =>
  scope.event('dead_letter', {
    'orchescope.dead_letter.destination': 'parked',
    'orchescope.dead_letter.reason': reason,
  });

const found: readonly FindingCase[] = [
  {
    name: 'Kafka: one of sixteen messages fails whenever it comes, five times',
    finds: [{}],
    spans: tell('openllmetry', 'consumer', (run) => {
      repeat(16, (n) => {
        consume(
          run,
          'kafka',
          'orders',
          n === 7 ? 'm-7' : `m-${n}`,
          n === 7 ? 'JSONDecodeError' : undefined,
        );
        run.ask({ output: 40 });
        if (n > 7 && n % 2 === 0) consume(run, 'kafka', 'orders', 'm-7', 'JSONDecodeError');
      });
    }),
  },
  {
    name: 'an order nobody can read is tried three times, and put aside',
    finds: [{}],
    spans: tell('orchescope', 'orders', (run) => {
      repeat(6, (n) => deliver(run, { id: `o-${n}` }));
      repeat(3, (n) =>
        deliver(
          run,
          { id: 'o-bad', n, error: 'MalformedOrderError' },
          (delivery) => n === 2 && dead(delivery, 'MalformedOrderError'),
        ),
      );
    }),
  },
  {
    name: 'SQS: a message that comes back every ten minutes, and fails',
    finds: [{}],
    spans: tellBare('openllmetry', (bare) => {
      repeat(5, (n) => {
        consume(bare, 'aws_sqs', 'thumbnails', 'msg-42', 'KeyError', { traceId: `try ${n}` });
        consume(bare, 'aws_sqs', 'thumbnails', `msg-${50 + n}`, undefined, {
          traceId: `other ${n}`,
        });
        bare.idle(600_000);
      });
    }),
  },
  {
    name: 'two messages of one queue are put aside after a try each',
    finds: [{}],
    spans: tell('orchescope', 'mails', (run) => {
      work('sorter', { rounds: 5 })(run);
      repeat(5, (n) => {
        const bad = n === 1 || n === 3;
        deliver(
          run,
          { queue: 'mails', id: `mail-${n}`, ...(bad ? { error: 'SchemaError' } : {}) },
          (delivery) => bad && dead(delivery, 'SchemaError'),
        );
      });
    }),
  },
  {
    name: 'two queues with a dead letter each',
    finds: [{}, {}],
    spans: tell('orchescope', 'back office', (run) => {
      for (const queue of ['invoices', 'refunds']) {
        repeat(4, (n) => deliver(run, { queue, id: `${queue}-${n}` }));
        repeat(2, (n) =>
          deliver(
            run,
            { queue, id: `${queue}-bad`, n, error: 'TypeError' },
            (delivery) => n === 1 && dead(delivery, 'TypeError'),
          ),
        );
      }
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'a message that goes well at the fourth delivery',
    finds: [],
    spans: tell('orchescope', 'orders', (run) => {
      repeat(4, (n) => deliver(run, { id: 'o-1', n, ...(n < 3 ? { error: 'BankTimeout' } : {}) }));
      repeat(5, (n) => deliver(run, { id: `o-${n + 2}` }));
    }),
  },
  {
    name: 'a database is down for a minute: twelve messages fail once, and go well then',
    finds: [],
    spans: tell('openllmetry', 'consumer', (run) => {
      repeat(12, (n) => consume(run, 'kafka', 'orders', `m-${n}`, 'OperationalError'));
      run.idle(60_000);
      repeat(12, (n) => consume(run, 'kafka', 'orders', `m-${n}`));
    }),
  },
  {
    name: 'a broker that hangs up ten times when it is asked for messages',
    finds: [],
    spans: tell('openllmetry', 'consumer', (run) => {
      repeat(10, () => {
        consume(run, 'rabbitmq', 'orders', '', 'ConnectionClosed', {
          rawKind: 'receive',
          name: 'receive orders',
        });
        run.idle(2000);
      });
      repeat(6, (n) => consume(run, 'rabbitmq', 'orders', `m-${n}`));
    }),
  },
  {
    name: 'a message that failed twice, and its third try is still to come',
    finds: [],
    spans: tell(
      'orchescope',
      'orders',
      (run) => {
        repeat(5, (n) => deliver(run, { id: `o-${n}` }));
        repeat(2, (n) => deliver(run, { id: 'o-9', n, error: 'BankTimeout' }));
      },
      { open: true },
    ),
  },
  {
    name: 'batches of a hundred that fail three times as a whole',
    finds: [],
    spans: tell('openllmetry', 'bulk', (run) => {
      work('loader', { rounds: 6 })(run);
      repeat(3, () =>
        consume(run, 'kafka', 'events', '', 'TimeoutError', {
          attributes: {
            'messaging.system': 'kafka',
            'messaging.destination.name': 'events',
            'messaging.batch.message_count': 100,
          },
        }),
      );
      consume(run, 'kafka', 'events', '');
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
