import type { Random } from '../random.ts';
import type { Run } from '../run.ts';

/** A kind of work the demo company does all day. */
export type Workflow = {
  readonly name: string;
  readonly service: string;
  /** Share of the day's traces, relative to the others. */
  readonly weight: number;
  /** `office`: follows the working day. `night`: scheduled between 01:00 and 04:00 UTC. */
  readonly hours: 'office' | 'night';
  /** A chat with a person has a conversation and a user. */
  readonly talksTo: 'people' | 'nobody';
  tell(stage: Stage): void;
};

/** Where one run is told. */
type Stage = {
  readonly random: Random;
  /** Begins a trace of the run; a later one begins `afterMs` after the end of the one before. */
  begin(afterMs?: number): Run;
};
