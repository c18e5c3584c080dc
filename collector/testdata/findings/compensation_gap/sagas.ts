/** Actions one after the other, and what is done to take them back. */
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type SagaStory = {
  /** `!` in front: it fails. `name#2` is its second try. */
  readonly actions: readonly string[];
  /** `!` in front: it fails. The action it takes back is what follows `cancel `. */
  readonly compensations?: readonly string[];
  readonly linked?: boolean;
  readonly pattern?: string;
  readonly outcome?: string;
  readonly root?: Partial<Sketch>;
};

export function saga({ actions, compensations = [], linked = true, pattern = 'saga', outcome = 'terminated', root = {} }: SagaStory): readonly Sketch[] {
  const isFailed = (name: string): boolean => name.startsWith('!');
  const plain = (name: string): string => name.replace('!', '').replace(/#\d+$/, '');
  const failure = { status: 'error' as const, errorType: 'Down' };
  const step = (id: string, name: string, type: string, n: number): Sketch => ({
    id,
    parent: 'root',
    kind: 'step',
    name: `step ${plain(name)}`,
    at: 100 * n,
    until: 100 * n + 80,
    ...(isFailed(name) ? failure : {}),
    attributes: { 'orchescope.name': plain(name), 'orchescope.step.type': type },
  });
  const done = actions.map((name, n) => step(`do ${name.replace('!', '')}`, name, 'action', n));
  const undone = compensations.map((name, n): Sketch => ({
    ...step(`undo ${n}`, name, 'compensation', actions.length + n),
    links: linked ? [{ to: `do ${plain(name).replace('cancel ', '')}`, rel: 'compensates' }] : [],
  }));
  const attributes = { 'orchescope.run.outcome': outcome, ...(pattern === '' ? {} : { 'orchescope.workflow.pattern': pattern }) };
  return [
    { id: 'root', kind: 'workflow', name: 'invoke_workflow book-trip', until: 100 * (actions.length + compensations.length) + 50, attributes, ...root },
    ...done,
    ...undone,
  ];
}
