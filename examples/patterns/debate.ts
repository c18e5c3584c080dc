/**
 * A debate: several agents answer the same question, read each other, and answer again until enough of them agree.
 *
 * Each round all speak at once, knowing what the others said the round before. When `enough` agree, that is the answer.
 * After `roundsAtMost` rounds without it, an arbitrator reads everything and decides.
 *
 * You will see a step `round` a round with the debaters side by side, and the event `vote` with the agreement reached and
 * who leads. The first question is settled in round two. The second is not: a step `arbitrate` follows the last round.
 */
import { init, run } from '@orchescope/sdk';
import { createFakeModel, type Model } from './fake-model.ts';

init({ serviceName: 'debate' });

type Debater = { readonly name: string; readonly ask: Model };
type Opinion = { readonly name: string; readonly position: string; readonly argument: string };
type Tally = { readonly winner: string; readonly agreement: number };
type Verdict = { readonly position: string; readonly by: 'consensus' | 'arbitrator' };

const roundsAtMost = 3;
const enough = 0.75;

const debate = (question: string, debaters: readonly Debater[]): Promise<Verdict> =>
  run(
    { kind: 'workflow', name: 'decide', pattern: 'debate', input: question },
    async (): Promise<Verdict> => {
      let opinions: readonly Opinion[] = [];
      for (let round = 1; round <= roundsAtMost; round++) {
        const place = { index: round - 1, of: roundsAtMost };
        const tally = await run(
          { kind: 'step', name: 'round', type: 'round', ...place },
          async (op) => {
            const heard = opinions;
            opinions = await Promise.all(debaters.map((each) => speak(each, question, heard)));
            const tally = count(opinions);
            op.emit({ type: 'vote', round, ...tally });
            return tally;
          },
        );
        if (tally.agreement >= enough) return { position: tally.winner, by: 'consensus' };
      }
      return { position: await arbitrate(question, opinions), by: 'arbitrator' };
    },
  );

const speak = (
  { name, ask }: Debater,
  question: string,
  heard: readonly Opinion[],
): Promise<Opinion> =>
  run({ kind: 'agent', name, role: 'debater' }, async () => {
    const answer = await ask(toPrompt(question, heard));
    const [position = '', argument = ''] = answer.split(': ');
    return { name, position, argument };
  });

const arbitrate = (question: string, opinions: readonly Opinion[]): Promise<string> =>
  run({ kind: 'step', name: 'arbitrate', type: 'arbitrate' }, () =>
    run({ kind: 'agent', name: 'arbitrator', role: 'arbitrator' }, () =>
      weighArguments(toPrompt(question, opinions)),
    ),
  );

/** The position most hold, the one named first among equals, and the share that holds it. */
function count(opinions: readonly Opinion[]): Tally {
  const votes = new Map<string, number>();
  for (const { position } of opinions) votes.set(position, (votes.get(position) ?? 0) + 1);
  const [winner, most] = [...votes].reduce((best, next) => (next[1] > best[1] ? next : best));
  return { winner, agreement: most / opinions.length };
}

const toPrompt = (question: string, heard: readonly Opinion[]): string =>
  [question, ...heard.map(({ position, argument }) => `${position}: ${argument}`)].join('\n');

/** Decides for the longest argument. A real one is the best model there is. */
const weighArguments = createFakeModel((prompt) => {
  const [, ...lines] = prompt.split('\n');
  const longest = lines.reduce((best, line) => (line.length > best.length ? line : best), '');
  return longest.split(': ')[0] ?? '';
}, 'gpt-5');

/** Changes its mind when it hears one argument often enough. */
const debater = (
  name: string,
  opinion: string,
  yieldsTo?: { readonly word: string; readonly opinion: string },
): Debater => ({
  name,
  ask: createFakeModel((prompt) =>
    yieldsTo && prompt.includes(yieldsTo.word) ? yieldsTo.opinion : opinion,
  ),
});

const open = [
  debater('economist', 'rent: it costs less for two years'),
  debater('engineer', 'buy: we know the machine', { word: 'costs less', opinion: 'rent: agreed' }),
  debater('lawyer', 'rent: they carry the risk'),
  debater('planner', 'wait: prices fall', { word: 'the risk', opinion: 'rent: the risk decides' }),
];
const stubborn = [
  debater('economist', 'north: taxes are lower there'),
  debater('engineer', 'south: the people we need live there already'),
];

console.log(await debate('Rent or buy a press?', open));
console.log(await debate('North or south?', stubborn));
