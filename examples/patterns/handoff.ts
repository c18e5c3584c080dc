/**
 * Handoffs: one agent at a time is in charge, and it may give the conversation to another.
 *
 * Each agent names whom it may hand to. A handoff to anyone else is refused, the agent hears of it and goes on itself.
 * A conversation that is only handed on ends at `maxHops`.
 *
 * You will see a span `handoff` between the agents, with who, to whom, which hop and who would have been allowed. The
 * second conversation has a refused hop, with `orchescope.handoff.outcome` refused, and the same agent again after it.
 * The third goes in circles until it is ended: look for the event `terminate`.
 */
import { init, run } from '@orchescope/sdk';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'handoff' });

type Reply =
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'handoff'; readonly to: string; readonly reason: string };
type Agent = {
  readonly name: string;
  readonly mayHandTo: readonly string[];
  readonly ask: (prompt: string) => Promise<string>;
};

const maxHops = 4;

/** The last agent in charge answers, or nobody does. */
async function converse(question: string, agents: readonly [Agent, ...Agent[]]): Promise<string> {
  return run({ kind: 'workflow', name: 'support', pattern: 'handoff' }, async (op) => {
    let [inCharge] = agents;
    let prompt = question;
    for (let hop = 1; hop <= maxHops; hop++) {
      const reply = await askAgent(inCharge, prompt);
      if (reply.type === 'answer') return `${inCharge.name}: ${reply.text}`;
      const target = handOver(inCharge, reply, hop, agents);
      if (target) inCharge = target;
      else prompt = `${question}\n${reply.to} was refused`;
    }
    op.emit({ type: 'terminate', reason: 'max_hops' });
    op.set({ outcome: 'terminated', reason: `still handed on after ${maxHops} hops` });
    return `nobody answered "${question}"`;
  });
}

const askAgent = ({ name, ask }: Agent, prompt: string): Promise<Reply> =>
  run({ kind: 'agent', name, input: prompt }, async () => parse(await ask(prompt)));

/** The agent that takes over; undefined when the handoff is refused. */
const handOver = (
  { name, mayHandTo }: Agent,
  { to, reason }: Reply & { type: 'handoff' },
  hop: number,
  agents: readonly Agent[],
): Agent | undefined =>
  run(
    {
      kind: 'handoff',
      name: to,
      from: name,
      hop,
      allowed: mayHandTo,
      reason,
      ok: (target) => target !== undefined,
    },
    () => agents.find((agent) => agent.name === to && mayHandTo.includes(to)),
  );

/** What models write when they want to hand over: `-> billing: about money`. */
function parse(text: string): Reply {
  const [, to, reason] = /^-> (\w+): (.+)$/.exec(text) ?? [];
  return to && reason ? { type: 'handoff', to, reason } : { type: 'answer', text };
}

const agent = (
  name: string,
  mayHandTo: readonly string[],
  rule: (prompt: string) => string,
): Agent => ({ name, mayHandTo, ask: createFakeModel(rule) });

const desk = [
  agent('triage', ['billing', 'returns'], (prompt) =>
    prompt.includes('money') ? '-> billing: about money' : '-> returns: about a thing',
  ),
  agent('billing', ['refunds'], (prompt) => {
    if (prompt.includes('was refused')) return 'Please write to our lawyers yourself.';
    return prompt.includes('sue') ? '-> legal: a threat' : '-> refunds: money back';
  }),
  agent('refunds', [], () => 'You get it back within three days.'),
  agent('legal', [], () => 'We regret nothing.'),
  agent('returns', ['triage'], () => '-> triage: not about a thing'),
] as const;

console.log(await converse('I want my money back', desk));
console.log(await converse('My money or I sue', desk));
console.log(await converse('It is broken', desk));
