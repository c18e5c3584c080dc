/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { failed, tell, work, type Fields, type Scope } from '../heldout-traffic.ts';

/** Works a little, waits for others, and goes on. */
const waits =
  (name: string, others: readonly string[], ms: number, end: Fields = {}, later = 0) =>
  (side: Scope): void =>
    void side.agent(
      name,
      (agent) => {
        agent.idle(later);
        agent.round({ ms: 400, tools: [['search', { ms: 200 }]] });
        const { attributes, ...rest } = end;
        agent.span({
          kind: 'step',
          name: `wait for ${others.join(' and ')}`,
          agentName: name,
          flags: 16,
          ms,
          attributes: {
            'orchescope.step.type': 'wait',
            'orchescope.wait.for': others,
            ...attributes,
          },
          ...rest,
        });
        if (!end.open) agent.round({ output: 100 });
      },
      end.open === true ? { open: true } : {},
    );
const late = failed('TimeoutError', 'nothing came');
const cancelled: Fields = { attributes: { 'orchescope.outcome': 'cancelled' } };

const found: readonly FindingCase[] = [
  {
    name: 'writer and researcher wait for each other until half a minute is over',
    finds: [{}],
    spans: tell('orchescope', 'article', (run) => {
      work('editor', { rounds: 5 })(run);
      run.beside(
        waits('writer', ['researcher'], 30_000, late),
        waits('researcher', ['writer'], 30_500, late),
      );
      work('editor', { rounds: 2 })(run);
    }),
  },
  {
    name: 'three agents in a circle, and none of them has ended',
    finds: [{}],
    spans: tell(
      'orchescope',
      'planning',
      (run) =>
        run.beside(
          waits('ann', ['bob'], 9000, { open: true }),
          waits('bob', ['cem'], 9000, { open: true }),
          waits('cem', ['ann'], 9000, { open: true }),
          work('dia', { rounds: 6 }),
        ),
      { open: true },
    ),
  },
  {
    name: 'four agents in a circle that their supervisor cancels, with others at work beside them',
    finds: [{}],
    spans: tell('orchescope', 'release', (run) => {
      run.beside(
        waits('api', ['schema'], 20_000, cancelled),
        waits('schema', ['docs'], 20_000, cancelled),
        waits('docs', ['sdk'], 20_000, cancelled),
        waits('sdk', ['api'], 20_000, cancelled),
        work('tester', { rounds: 8 }),
        work('designer', { rounds: 6 }),
      );
    }),
  },
  {
    name: 'plain spans of another sender: the planner waits for reviewer and approver, the approver for the planner',
    finds: [{}],
    spans: tell('pydantic-ai', 'budget', (run) => {
      work('intake', { rounds: 4 })(run);
      run.beside(
        waits('planner', ['reviewer', 'approver'], 15_000, late),
        waits('approver', ['planner'], 14_000, late),
        work('reviewer', { rounds: 3 }),
      );
    }),
  },
  {
    name: 'two agents that lock each other out, and a third that waits for one of them',
    finds: [{}],
    spans: tell('orchescope', 'warehouse', (run) => {
      run.beside(
        waits('picker', ['packer'], 10_000, late),
        waits('packer', ['picker'], 12_000, late),
        waits('driver', ['packer'], 14_000, late),
        work('clerk', { rounds: 7 }),
      );
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'two letters that cross: both get what they wait for',
    finds: [],
    spans: tell('orchescope', 'article', (run) => {
      work('editor', { rounds: 6 })(run);
      run.beside(waits('writer', ['researcher'], 4000), waits('researcher', ['writer'], 5000));
    }),
  },
  {
    name: 'a row of waits, and the last one is slow',
    finds: [],
    spans: tell('orchescope', 'release', (run) => {
      run.beside(
        waits('docs', ['sdk'], 20_000, late),
        waits('sdk', ['api'], 20_000, late),
        (side) =>
          void side.agent('api', (agent) => {
            agent.round({ tools: [['generate', { ms: 40_000 }]] });
          }),
      );
    }),
  },
  {
    name: 'two agents that wait for each other one after the other',
    finds: [],
    spans: tell('orchescope', 'duet', (run) => {
      waits('ann', ['bob'], 3000)(run);
      waits('bob', ['ann'], 3000)(run);
      waits('ann', ['bob'], 3000, late)(run);
      work('cem', { rounds: 6 })(run);
    }),
  },
  {
    name: 'an agent calls another, which asks the first one back, each inside of the other',
    finds: [],
    spans: tell('google-adk', 'tutor', (run) => {
      run.agent('teacher', (a) => {
        a.ask();
        a.agent('pupil', (b) => {
          b.ask();
          b.agent('teacher', (c) => void c.ask());
          b.ask();
        });
        a.ask({ output: 200 });
      });
      work('grader', { rounds: 5 })(run);
    }),
  },
  {
    name: 'two agents that both wait for the bank, which does not answer',
    finds: [],
    spans: tell('orchescope', 'loan', (run) => {
      run.beside(
        waits('clerk', ['bank'], 30_000, late),
        waits('auditor', ['bank'], 30_000, late),
        work('writer', { rounds: 6 }),
      );
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
