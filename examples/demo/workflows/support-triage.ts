import { models } from '../models.ts';
import type { Run } from '../run.ts';
import { talk } from '../talk.ts';
import { agent, guardrail, handoff, route, workflow, type ToolCall } from '../verbs.ts';
import type { Workflow } from './workflow.ts';

/** A ticket is sorted, handed to a specialist and answered. Now and then two specialists send it back and forth. */
export const supportTriage: Workflow = {
  name: 'support-triage',
  service: 'support-desk',
  weight: 34,
  hours: 'office',
  talksTo: 'people',
  tell: ({ random, begin }) => {
    const run = begin();
    const ticket = random.pick(tickets);
    workflow(run, 'support-triage', { pattern: 'handoff', input: ticket.text }, () => {
      guardrail(run, 'pii', random.chance(0.12), 'redact');
      agent(run, 'triage', 'router', () => {
        const model = talk(run, {
          model: models.gptMini,
          system: 'Sort the ticket. Answer with one desk.',
        });
        model.user(ticket.text);
        model.calls({
          name: 'lookup_customer',
          args: { email: 'j.ortega@example.com' },
          result: customer,
          ms: 120,
        });
        model.says(ticket.desk);
        route(run, desks, ticket.desk, 0.55 + 0.44 * random.next());
        handoff(run, { to: ticket.desk, reason: ticket.topic, hop: 1 });
      });
      if (random.chance(0.06)) playPingPong(run, ticket);
      else answerTicket(run, ticket);
    });
  },
};

type Ticket = { text: string; desk: string; topic: string; call: ToolCall; answer: string };

function answerTicket(run: Run, ticket: Ticket): void {
  agent(run, ticket.desk, 'specialist', () => {
    const model = talk(run, {
      model: models.sonnet,
      system: `You are the ${ticket.desk} desk. Be brief, be exact, never promise what the tools do not say.`,
      stream: true,
      hiddenTokens: 1900,
    });
    model.user(ticket.text);
    if (run.random.chance(0.08)) {
      model.calls({
        ...ticket.call,
        result: { errorType: 'timeout', message: 'upstream gave no answer in 10 s' },
        ms: 10_000,
      });
    }
    model.calls(ticket.call);
    model.says(ticket.answer);
  });
}

/** Neither desk holds itself responsible; a person has to take it. */
function playPingPong(run: Run, ticket: Ticket): void {
  const other = ticket.desk === 'billing' ? 'technical' : 'billing';
  const rounds = run.random.int(3, 5);
  for (let round = 0; round < rounds * 2; round++) {
    const [here, there] = round % 2 === 0 ? [ticket.desk, other] : [other, ticket.desk];
    agent(run, here, 'specialist', () => {
      const model = talk(run, {
        model: models.haiku,
        system: `You are the ${here} desk.`,
        hiddenTokens: 1900,
      });
      model.user(ticket.text);
      model.says(`This is for ${there}: the cause lies with them.`);
      handoff(run, { to: there, reason: 'not our cause', hop: round + 2 });
    });
  }
  run.emit('loop', {
    kind: 'ping_pong',
    period: 2,
    repeats: rounds,
    signature: `${ticket.desk}>${other}`,
  });
  run.emit('escalation', { to: 'human', reason: 'two desks hand the ticket to each other' });
  run
    .current()
    .set({ 'orchescope.run.outcome': 'terminated', 'orchescope.run.reason': 'handoff limit' });
}

const desks = ['billing', 'technical', 'refunds'];
const customer = {
  id: 'cus_8812',
  plan: 'Team',
  since: '2023-04-02',
  open_invoices: 1,
  region: 'EU',
};

const tickets: [Ticket, ...Ticket[]] = [
  {
    text: 'We were charged twice in October, invoices 20871 and 20872. Please give one back.',
    desk: 'billing',
    topic: 'double charge',
    call: {
      name: 'list_invoices',
      args: { customer: 'cus_8812', month: '2026-10' },
      result: [
        { id: 20871, eur: 480 },
        { id: 20872, eur: 480 },
      ],
      ms: 210,
    },
    answer:
      'You are right: invoice 20872 repeats 20871. I have cancelled it, 480 EUR are back on your card within five days.',
  },
  {
    text: 'Since this morning the export to S3 stops at 12 % with "access denied". Nothing changed on our side.',
    desk: 'technical',
    topic: 'export fails',
    call: {
      name: 'read_export_log',
      args: { export: 'exp_551', last: 50 },
      result: 'PutObject 403 AccessDenied, role orch-export, since 06:14 UTC',
      ms: 640,
    },
    answer:
      'The role orch-export lost s3:PutObject on your bucket at 06:14 UTC. Give it back that right and press "run again"; nothing is lost.',
  },
  {
    text: 'I want my money back, the seat I bought yesterday is for the wrong workspace.',
    desk: 'refunds',
    topic: 'wrong workspace',
    call: {
      name: 'check_refund_policy',
      args: { order: 'ord_7719' },
      result: { refundable: true, until: '2026-12-04', eur: 29 },
      ms: 160,
    },
    answer:
      'Done: 29 EUR for order ord_7719 go back to your card. The seat stays usable until tonight.',
  },
  {
    text: 'Can you explain the line "overage 1.2 M events" on our bill? We thought the plan was unlimited.',
    desk: 'billing',
    topic: 'overage',
    call: {
      name: 'read_usage',
      args: { customer: 'cus_8812', period: '2026-10' },
      result: { included: 5_000_000, used: 6_204_118 },
      ms: 330,
    },
    answer:
      'The Team plan includes 5 million events a month. In October you sent 6.2 million; the line is for the 1.2 million above it.',
  },
];
