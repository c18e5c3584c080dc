/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { failed, repeat, tell, work, type Fields, type Scope } from '../heldout-traffic.ts';

/** Something that is done to the world, by an agent with a tool. */
function act(run: Scope, name: string, fields: Fields = {}): string {
  return run.step(
    name,
    (step) =>
      void step.agent(`${name} agent`, (agent) => {
        agent.round({ tools: [['find_offers']] });
        agent.round({
          tools: [[`book_${name}`, { ...(fields.status === undefined ? {} : failed('refused')) }]],
        });
      }),
    { ...fields, attributes: { 'orchescope.step.type': 'action', ...fields.attributes } },
  );
}

function undo(run: Scope, name: string, action: string | undefined, fields: Fields = {}): void {
  run.step(
    name,
    (step) => void step.tool('cancel', fields.status === undefined ? {} : failed('refused')),
    {
      ...(action === undefined ? {} : { links: [{ to: action, rel: 'compensates' }] }),
      ...fields,
      attributes: { 'orchescope.step.type': 'compensation', ...fields.attributes },
    },
  );
}

const saga = (outcome: string, more: Fields = {}): Fields => ({
  ...more,
  attributes: { 'orchescope.workflow.pattern': 'saga', 'orchescope.run.outcome': outcome },
});

const found: readonly FindingCase[] = [
  {
    name: 'the payment of a trip is declined, the car is given back, flight and hotel stay booked',
    // Was labelled as one finding at first. The page speaks of each action by itself, and two stayed done.
    finds: [{ variant: 'missing' }, { variant: 'missing' }],
    spans: tell(
      'orchescope',
      'trip',
      (run) => {
        act(run, 'flight');
        act(run, 'hotel');
        const car = act(run, 'car');
        act(run, 'payment', failed('card_declined'));
        undo(run, 'cancel car', car);
        work('mailer', { rounds: 2 })(run);
      },
      saga('terminated'),
    ),
  },
  {
    name: 'a seat cannot be released, however often it is tried',
    finds: [{ variant: 'failed' }],
    spans: tell(
      'orchescope',
      'tickets',
      (run) => {
        const seat = act(run, 'seat');
        const meal = act(run, 'meal');
        act(run, 'payment', failed('card_declined'));
        undo(run, 'cancel meal', meal);
        repeat(3, (n) =>
          undo(run, 'release seat', seat, { ...failed('SeatServiceDown'), attempt: n + 1 }),
        );
      },
      saga('failed', failed('card_declined')),
    ),
  },
  {
    name: 'an account is opened, the card fails for good, and the saga dies with it',
    finds: [{ variant: 'missing' }],
    spans: tell(
      'orchescope',
      'onboarding',
      (run) => {
        work('adviser', { rounds: 5 })(run);
        act(run, 'account');
        repeat(2, (n) => act(run, 'card', { ...failed('IssuerDown'), attempt: n + 1 }));
      },
      saga('failed', failed('IssuerDown')),
    ),
  },
  {
    name: 'the customer cancels when two of three things are done, and one is taken back',
    finds: [{ variant: 'missing' }],
    spans: tell(
      'orchescope',
      'move',
      (run) => {
        act(run, 'van');
        const boxes = act(run, 'boxes');
        undo(run, 'cancel boxes', boxes);
        work('desk', { rounds: 3 })(run);
      },
      saga('cancelled'),
    ),
  },
  {
    name: 'other spans with the attributes: the label is printed and stays, its name tells',
    finds: [{ variant: 'missing' }],
    spans: tell(
      'pydantic-ai',
      'fulfil',
      (run) => {
        act(run, 'reserve stock');
        act(run, 'print label');
        act(run, 'call courier', failed('NoCourier'));
        undo(run, 'cancel reserve stock', undefined);
      },
      failed('NoCourier'),
    ),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'four things are booked, and all went well',
    finds: [],
    spans: tell(
      'orchescope',
      'trip',
      (run) => {
        for (const name of ['flight', 'hotel', 'car', 'payment']) act(run, name);
      },
      saga('completed'),
    ),
  },
  {
    name: 'the payment is declined, and three things are taken back in turn',
    finds: [],
    spans: tell(
      'orchescope',
      'trip',
      (run) => {
        const done = ['flight', 'hotel', 'car'].map((name) => [name, act(run, name)] as const);
        act(run, 'payment', failed('card_declined'));
        for (const [name, id] of done.toReversed()) undo(run, `cancel ${name}`, id);
      },
      saga('terminated'),
    ),
  },
  {
    name: 'the hotel is taken back at the third try',
    finds: [],
    spans: tell(
      'orchescope',
      'trip',
      (run) => {
        const hotel = act(run, 'hotel');
        act(run, 'payment', failed('card_declined'));
        repeat(3, (n) =>
          undo(run, 'cancel hotel', hotel, { attempt: n + 1, ...(n < 2 ? failed('Timeout') : {}) }),
        );
        work('mailer', { rounds: 4 })(run);
      },
      saga('terminated'),
    ),
  },
  {
    name: 'the payment goes through at the second try',
    finds: [],
    spans: tell(
      'orchescope',
      'trip',
      (run) => {
        act(run, 'flight');
        act(run, 'hotel');
        act(run, 'payment', { ...failed('Timeout'), attempt: 1 });
        act(run, 'payment', { attempt: 2 });
      },
      saga('completed'),
    ),
  },
  {
    name: 'the newsletter cannot be ordered, and the trip is booked without it',
    finds: [],
    spans: tell(
      'orchescope',
      'trip',
      (run) => {
        act(run, 'flight');
        act(run, 'newsletter', failed('MailchimpDown'));
        act(run, 'hotel');
        act(run, 'payment');
      },
      saga('completed'),
    ),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
