import { models } from '../models.ts';
import { talk } from '../talk.ts';
import { agent, step, workflow } from '../verbs.ts';
import type { Workflow } from './workflow.ts';

const sides = [
  { name: 'optimist', model: models.gpt },
  { name: 'sceptic', model: models.opus },
  { name: 'economist', model: models.geminiPro },
];

/** Three models of three providers argue in rounds until they agree or a judge has to decide. */
export const debate: Workflow = {
  name: 'design-debate',
  service: 'architecture-board',
  weight: 3,
  hours: 'office',
  talksTo: 'people',
  tell: ({ random, begin }) => {
    const run = begin();
    const motion = random.pick(motions);
    const rounds = random.int(2, 4);
    workflow(run, 'design-debate', { pattern: 'debate', input: motion }, () => {
      let agreement = 0.33;
      for (let round = 1; round <= rounds; round++) {
        step(
          run,
          'round',
          `round-${round}`,
          { index: round - 1, of: rounds, loop: 'debate', iteration: round },
          () => {
            run.parallel(
              sides.map((side) => () => {
                agent(run, side.name, 'debater', () => {
                  const model = talk(run, {
                    model: side.model,
                    system: `You are the ${side.name}.`,
                    hiddenTokens: 700 * round,
                  });
                  model.user(motion);
                  model.says(`Round ${round}: ${random.pick(positions)}`);
                });
              }),
            );
            agreement = round === rounds && random.chance(0.6) ? 1 : random.pick([0.33, 0.67]);
            run.emit('vote', { round, agreement, winner: agreement > 0.5 ? 'yes' : 'no' });
          },
        );
      }
      if (agreement === 1) return;
      step(run, 'arbitrate', 'judge', {}, () => {
        agent(run, 'judge', 'arbiter', () => {
          const model = talk(run, {
            model: models.sonnet,
            system: 'Decide, and say what would change your mind.',
            hiddenTokens: 4000,
          });
          model.user(motion);
          model.says(
            'Yes, for new services. Half a year without a rollback would make it yes for all.',
          );
        });
      });
      run.emit('terminate', { reason: 'max_rounds' });
    });
  },
};

const motions: [string, ...string[]] = [
  'Shall every service own its database?',
  'Shall we replace the nightly export by an event stream?',
  'Shall agents be allowed to merge their own pull requests?',
];

const positions: [string, ...string[]] = [
  'the cost lies in migration, not in running it. Two services can move first and tell us the rest.',
  'the risk is a shared schema nobody owns. That argues for it, but only with contracts checked in CI.',
  'what we save in coordination we spend on operations until there are more than six teams.',
];
