/**
 * Event sourcing: what happened is kept, the state at any moment is worked out from it.
 *
 * Agents do not change a document, they append what happened to a log. The state is what the log adds up to, so it
 * can be rebuilt at any time, for any moment of the past, and two agents that saw different versions are told apart.
 *
 * You will see an event `appended` with stream and version for each entry, on the step of the agent that wrote it; a
 * stale write refused with `error.type` version_conflict; and steps of type `project` linked `projects` to the appends
 * they read: one for the state as it was at version 3, one for the whole log.
 */
import { emit, init, run, type Carrier } from '@orchescope/sdk';

init({ serviceName: 'event-sourcing' });

type Fact =
  | { readonly type: 'opened'; readonly title: string }
  | { readonly type: 'paragraph_added'; readonly text: string }
  | { readonly type: 'paragraph_removed'; readonly index: number }
  | { readonly type: 'approved'; readonly by: string };
type Entry = { readonly version: number; readonly fact: Fact; readonly trace: Carrier };
type Article = {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly approvedBy: string | undefined;
};

class VersionConflictError extends Error {
  readonly code = 'version_conflict';
}

/** One stream of facts. Nothing is ever changed or removed in it. */
class EventLog {
  readonly stream: string;
  readonly #entries: Entry[] = [];

  constructor(stream: string) {
    this.stream = stream;
  }

  get version(): number {
    return this.#entries.length;
  }

  /** `seen` is the version the writer's decision rests on: 0 for an empty stream. */
  append(seen: number, fact: Fact, trace: Carrier): number {
    if (seen !== this.version)
      throw new VersionConflictError(
        `${this.stream} is at ${this.version}, the writer saw ${seen}`,
      );
    const version = this.version + 1;
    this.#entries.push({ version, fact, trace });
    emit({ type: 'appended', stream: this.stream, version, event: fact.type });
    return version;
  }

  upTo(version: number): readonly Entry[] {
    return this.#entries.slice(0, version);
  }
}

function apply(article: Article, fact: Fact): Article {
  const { paragraphs } = article;
  if (fact.type === 'opened') return { ...article, title: fact.title };
  if (fact.type === 'paragraph_added')
    return { ...article, paragraphs: [...paragraphs, fact.text], approvedBy: undefined };
  if (fact.type === 'paragraph_removed')
    return { ...article, paragraphs: paragraphs.toSpliced(fact.index, 1), approvedBy: undefined };
  return { ...article, approvedBy: fact.by };
}

/** The state at a version: the same entries give the same article, however often they are read. */
function project(log: EventLog, version: number): Article {
  const entries = log.upTo(version);
  const links = entries.map(({ trace }) => ({ to: trace, rel: 'projects' as const }));
  const spec = { kind: 'step', name: 'project article', type: 'project', links } as const;
  return run({ ...spec, attributes: { 'article.version': version } }, () =>
    entries.reduce((article, { fact }) => apply(article, fact), {
      title: '',
      paragraphs: [],
      approvedBy: undefined,
    } as Article),
  );
}

const log = new EventLog('article-7');

/** What an agent does with the log: one step, one fact. */
const write = (agent: string, seen: number, fact: Fact): number =>
  run({ kind: 'agent', name: agent }, () =>
    run({ kind: 'step', name: fact.type, type: 'action' }, (op) =>
      log.append(seen, fact, op.carrier()),
    ),
  );

await run({ kind: 'workflow', name: 'write-article' }, async () => {
  let version = write('editor', 0, { type: 'opened', title: 'Tea' });
  version = write('author', version, { type: 'paragraph_added', text: 'Tea is a drink.' });
  const seenByReviewer = version;
  version = write('author', version, { type: 'paragraph_added', text: 'Tea is a colour.' });
  try {
    write('reviewer', seenByReviewer, { type: 'approved', by: 'reviewer' });
  } catch (error) {
    console.log('refused:', (error as Error).message); // it would have approved a paragraph it never read
  }
  version = write('reviewer', version, { type: 'paragraph_removed', index: 1 });
  write('reviewer', version, { type: 'approved', by: 'reviewer' });
});

await run({ kind: 'workflow', name: 'replay-article' }, async () => {
  console.log('version 3:', project(log, 3));
  console.log(`version ${log.version}:`, project(log, log.version));
});
