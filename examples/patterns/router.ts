/**
 * A router: reads what a message wants and sends it to the one agent made for that.
 *
 * The classifier says an intent and how sure it is. Sure enough: the agent of that intent. Less sure, or an intent no
 * agent has: the default. Hardly sure of anything: a human decides.
 *
 * You will see a span `route` in each run with its candidates, the one selected, the confidence and the threshold, and
 * the chosen agent after it. The last message is escalated: the route says so, the event `escalation` says to whom, and
 * no agent runs.
 */
import { emit, init, run } from '@orchescope/sdk';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'router' });

type Intent = { readonly intent: string; readonly confidence: number };
type Route =
  | { readonly to: 'agent'; readonly agent: string }
  | { readonly to: 'human'; readonly reason: string };

const ask = createFakeModel((prompt) => `An answer to "${prompt}"`);

/** Knows two words. A real one is a small model with a list of intents in its prompt. */
const classify = createFakeModel((message) => {
  const known = [
    { word: 'invoice', intent: 'billing', confidence: 0.94 },
    { word: 'parcel', intent: 'shipping', confidence: 0.81 },
    { word: 'discount', intent: 'marketing', confidence: 0.77 },
    { word: 'hello', intent: 'billing', confidence: 0.52 },
  ].find(({ word }) => message.includes(word));
  return JSON.stringify(known ?? { intent: 'shipping', confidence: 0.12 });
}, 'gpt-5-nano');

const candidates = ['billing', 'shipping', 'general'] as const;
const fallback = 'general';
const threshold = 0.7;
/** Below this even the default would be a guess. */
const humanBelow = 0.3;

const route = (message: string): Promise<Route> =>
  run({ kind: 'route', name: 'intent', candidates, threshold }, async (op): Promise<Route> => {
    const { intent, confidence } = JSON.parse(await classify(message)) as Intent;
    op.set({ confidence });
    if (confidence < humanBelow) {
      const reason = `no intent above ${humanBelow}`;
      op.set({ selected: 'human', escalated: true });
      op.emit({ type: 'escalation', to: 'front-desk', reason });
      return { to: 'human', reason };
    }
    const found = candidates.find((candidate) => candidate === intent);
    const agent = confidence >= threshold && found ? found : fallback;
    if (agent !== intent) emit({ type: 'fallback', from: intent, to: agent });
    op.set({ selected: agent, escalated: false });
    return { to: 'agent', agent };
  });

const frontDesk: { readonly message: string; readonly reason: string }[] = [];

const answer = (message: string): Promise<string> =>
  run({ kind: 'workflow', name: 'inbox', pattern: 'router', input: message }, async (op) => {
    const target = await route(message);
    if (target.to === 'human') {
      frontDesk.push({ message, reason: target.reason });
      op.set({ outcome: 'interrupted', reason: 'waits for a human' });
      return 'A colleague will answer you.';
    }
    return run({ kind: 'agent', name: target.agent, input: message }, () => ask(message));
  });

for (const message of [
  'The invoice of May is wrong',
  'Where is my parcel?',
  'Any discount for schools?',
  'hello, is someone there?',
  'qwertz',
])
  console.log(await answer(message));
console.log('at the front desk:', frontDesk);
