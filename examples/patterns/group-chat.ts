/**
 * A group chat: several agents talk in one room, and a moderator says who speaks and when it is over.
 *
 * All read the same transcript. The moderator gives the word only to those with something left to say, and closes the
 * chat when all agree, when nobody has anything to add, or after `maxRounds`.
 *
 * You will see rounds, in each round one turn per speaker, and the moderator's own agent span before the turns. Turns
 * one after another are how a group talks, not a loop. The event `terminate` says why each chat ended.
 */
import { init, run } from '@orchescope/sdk';
import { createFakeModel, type Model } from './fake-model.ts';

init({ serviceName: 'group-chat' });

type Member = { readonly name: string; readonly ask: Model };
type Line = { readonly speaker: string; readonly text: string };
type Ending = 'agreement' | 'silence' | 'max_rounds';

const maxRounds = 3;

const chat = (topic: string, members: readonly Member[]): Promise<readonly Line[]> =>
  run({ kind: 'workflow', name: 'design-review', pattern: 'group_chat' }, async (op) => {
    const lines: Line[] = [];
    let ending: Ending = 'max_rounds';
    for (let round = 0; round < maxRounds; round++) {
      const place = { index: round, of: maxRounds };
      const closed = await run({ kind: 'step', name: 'round', type: 'round', ...place }, () =>
        holdRound(topic, members, lines),
      );
      if (closed !== 'open') {
        ending = closed;
        break;
      }
    }
    op.emit({ type: 'terminate', reason: ending });
    op.set({ outcome: ending === 'max_rounds' ? 'terminated' : 'completed', reason: ending });
    return lines;
  });

async function holdRound(
  topic: string,
  members: readonly Member[],
  lines: Line[],
): Promise<Ending | 'open'> {
  const speakers = await moderate(members, lines);
  if (speakers.length === 0) return 'silence';
  for (const [index, { name, ask }] of speakers.entries()) {
    const place = { index, of: speakers.length };
    const text = await run({ kind: 'step', name: 'turn', type: 'turn', ...place }, () =>
      run({ kind: 'agent', name, role: 'member' }, () => ask(transcript(topic, lines))),
    );
    lines.push({ speaker: name, text });
  }
  return members.every(({ name }) => hasAgreed(name, lines)) ? 'agreement' : 'open';
}

/** Who agreed or passed needs no more turns. */
const moderate = (members: readonly Member[], lines: readonly Line[]): Promise<Member[]> =>
  run({ kind: 'agent', name: 'moderator', role: 'moderator' }, async () => {
    const waiting = members.filter(
      ({ name }) => !hasAgreed(name, lines) && !hasPassed(name, lines),
    );
    if (waiting.length === 0) return [];
    const order = await chooseOrder(waiting.map(({ name }) => name).join(', '));
    return waiting.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  });

/** Gives the word in the order of the alphabet; a real moderator reads the transcript. */
const chooseOrder = createFakeModel((names) => names.split(', ').toSorted().join(', '));

const lastLineOf = (name: string, lines: readonly Line[]): string =>
  lines.findLast(({ speaker }) => speaker === name)?.text ?? '';
const hasAgreed = (name: string, lines: readonly Line[]): boolean =>
  lastLineOf(name, lines) === 'I agree.';
const hasPassed = (name: string, lines: readonly Line[]): boolean =>
  lastLineOf(name, lines) === 'I pass.';

const transcript = (topic: string, lines: readonly Line[]): string =>
  [topic, ...lines.map(({ speaker, text }) => `${speaker}: ${text}`)].join('\n');

const member = (name: string, rule: (transcript: string) => string): Member => ({
  name,
  ask: createFakeModel(rule),
});

const architect = member('architect', (said) =>
  said.includes('cost') ? 'I agree.' : 'One service is enough.',
);
const treasurer = member('treasurer', (said) =>
  said.includes('One service') ? 'I agree.' : 'Mind the cost.',
);
const tester = member('tester', (said) =>
  said.split('\n').length < 3 ? 'What about the cost of tests?' : 'I agree.',
);
const sceptic = member('sceptic', () => 'I am not convinced.');
const guest = member('guest', () => 'I pass.');

for (const members of [[architect, treasurer, tester], [architect, sceptic], [guest]]) {
  const lines = await chat('One service or two?', members);
  console.log(lines.map(({ speaker, text }) => `${speaker}: ${text}`).join(' '));
}
