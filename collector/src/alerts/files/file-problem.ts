/** What is wrong in a file, and where: as editors and compilers write it, so that a terminal can jump there. */

export type FileProblem = {
  readonly file: string;
  /** Both count from 1; 0 = the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** What to change. */
  readonly sentence: string;
};

export function describeProblem({ file, line, column, sentence }: FileProblem): string {
  return line === 0 ? `${file}: ${sentence}` : `${file}:${line}:${column}: ${sentence}`;
}

/** Its message is the whole story. */
export class AlertFilesError extends Error {
  override readonly name = 'AlertFilesError';
}

/** A file nobody has looked at is put right faster when all that is wrong with it is told at once; but not a thousand times. */
const mostTold = 100;

export function describeProblems(problems: readonly FileProblem[]): string[] {
  const told = problems.slice(0, mostTold).map(describeProblem);
  const others = problems.length - told.length;
  return others === 0 ? told : [...told, `and ${others} more.`];
}
