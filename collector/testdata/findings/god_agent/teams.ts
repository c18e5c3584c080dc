/** Teams in which somebody does more than others. */
import { tellAgent, times, underWorkflow, type Dialect } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type MemberStory = {
  readonly agent: string;
  /** One model call and one tool call each. */
  readonly turns: number;
  /** Different tools, used in turn; 0 = none is called. */
  readonly tools: number;
  readonly rest?: Partial<Sketch>;
};

export function team(members: readonly MemberStory[], dialect: Dialect = 'orchescope'): readonly Sketch[] {
  let at = 0;
  const spans = members.flatMap(({ agent, turns, tools }, index) => {
    const story = {
      agent,
      id: `${agent} ${index}`,
      at,
      turns: times(turns, (n) => (tools === 0 ? {} : { tools: [{ tool: `${agent}_tool_${n % tools}`, args: `${n}` }] })),
    };
    at += 1000 * turns;
    return tellAgent(dialect, story);
  });
  return underWorkflow('desk', spans);
}
