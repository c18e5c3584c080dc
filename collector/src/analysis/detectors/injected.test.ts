/** Runs of any size in any dialect: nothing is found in those that go well, and what is put wrong in them is found. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from '../../run.ts';
import { sketchSpans, type Sketch } from '../../run-spans.testing.ts';
import { toTestInput } from './input.testing.ts';
import { runDetectors } from './run-detectors.ts';
import { defaultDetectorSettings } from './settings.ts';
import {
  dialects,
  tellAgent,
  underWorkflow,
  type AgentStory,
  type TurnStory,
} from './shapes.testing.ts';

/** Kinds that judge what agents do turn by turn; how a team is built is another matter. */
const kinds: ReadonlySet<string> = new Set([
  'loop',
  'retry_amplification',
  'error_escalation',
  'missing_error_boundary',
  'budget_exhausted',
  'context_bloat',
  'repeated_prompt',
  'slow_first_token',
  'abandoned_run',
]);

function findIn(spans: readonly Sketch[]): readonly Finding[] {
  const settingsOf = (kind: string) => ({ ...defaultDetectorSettings, muted: !kinds.has(kind) });
  return runDetectors(toTestInput(sketchSpans(spans)), settingsOf).findings;
}

/** A tool may fail, and then the agent goes on with something else. Every turn asks and does something new. */
const turn: fc.Arbitrary<TurnStory> = fc.record({
  ms: fc.integer({ min: 50, max: 4000 }),
  output: fc.integer({ min: 5, max: 900 }),
  beside: fc.boolean(),
  tools: fc.array(
    fc.record(
      {
        tool: fc.constantFrom('search', 'read_file', 'query', 'send'),
        ms: fc.integer({ min: 1, max: 3000 }),
        result: fc.constantFrom('ok', 'nothing', 'a page'),
        error: fc.constantFrom('Timeout', 'NotFound'),
      },
      { requiredKeys: ['tool', 'ms', 'result'] },
    ),
    { maxLength: 3 },
  ),
});
const agents = fc.array(fc.array(turn, { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 4,
});

function toStories(teams: readonly (readonly TurnStory[])[]): readonly AgentStory[] {
  return teams.map((turns, agent) => ({
    agent: `agent ${agent}`,
    at: 1000 * agent,
    turns: turns.map((turn, at) => ({
      ...turn,
      input: 1500 + 400 * at,
      prompt: `question ${agent} ${at}`,
      tools: (turn.tools ?? []).map((call, n) => withArguments(call, `${agent} ${at} ${n}`)),
    })),
  }));
}
const withArguments = (call: NonNullable<TurnStory['tools']>[number], args: string) => ({
  ...call,
  args,
});

const dialect = fc.constantFrom(...dialects);

test('nothing is found where every step does something new', () => {
  fc.assert(
    fc.property(dialect, agents, (dialect, teams) => {
      const spans = toStories(teams).flatMap((story) => tellAgent(dialect, story));
      expect(findIn(underWorkflow('team', spans)).map(({ sentence }) => sentence)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('a loop is found wherever it is put, and nothing else', () => {
  const repeats = fc.integer({ min: 3, max: 20 });
  const period = fc.integer({ min: 1, max: 8 });
  fc.assert(
    fc.property(
      dialect,
      agents,
      repeats,
      period,
      fc.nat(),
      (dialect, teams, repeats, period, place) => {
        const stories = toStories(teams);
        const [first, ...others] = stories;
        if (first === undefined) return;
        const at = place % (first.turns.length + 1);
        const stuck = Array.from({ length: repeats * period }, (_, n): TurnStory => ({
          prompt: `stuck ${n}`,
          tools: [{ tool: `tool_${n % period}`, args: 'the same', result: 'the same' }],
        }));
        const turns = [...first.turns.slice(0, at), ...stuck, ...first.turns.slice(at)];
        const spans = [{ ...first, turns }, ...others].flatMap((story) =>
          tellAgent(dialect, story),
        );
        const found = findIn(underWorkflow('team', spans));
        expect(found.map(({ kind, variant }) => [kind, variant])).toEqual([
          ['loop', period === 1 ? 'exact_repeat' : 'cycle'],
        ]);
        expect(found[0]?.threshold.measured).toBe(repeats);
        expect(found[0]?.spanCount).toBe(repeats * period);
      },
    ),
    { numRuns: 300 },
  );
});

test('a prompt asked again is found wherever it is put', () => {
  fc.assert(
    fc.property(dialect, agents, fc.integer({ min: 3, max: 12 }), (dialect, teams, times) => {
      const stories = toStories(teams);
      const asked = Array.from({ length: times }, () => ({ prompt: 'again', input: 777 }));
      const [first, ...others] = stories;
      if (first === undefined) return;
      const again = [{ ...first, turns: first.turns.concat(asked) }, ...others];
      const spans = again.flatMap((story) => tellAgent(dialect, story));
      const found = findIn(underWorkflow('team', spans));
      expect(found.map(({ kind, spanCount }) => [kind, spanCount])).toEqual([
        ['repeated_prompt', times],
      ]);
    }),
    { numRuns: 200 },
  );
});
