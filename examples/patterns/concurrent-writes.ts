/**
 * Two agents writing one resource: the conflict is found, and resolved field by field.
 *
 * Both read version 1 of a plan, both change it, both write. The store takes a write only when its version is still
 * the one that was read, so the second write is refused instead of destroying the first. Its agent then reads again and
 * merges: fields only one side changed are kept, a field both changed is decided by a rule.
 *
 * You will see the events `read` and `write` with the resource, its version and the version the write was based on. The
 * tool `write_plan` of the second agent fails with `error.type` version_conflict and the event `rejected` by conflict.
 * Then come a step of type `resolve`, the event `conflict` with key, strategy and winner for each decided field, and the
 * write that went well.
 */
import { emit, init, run } from '@orchescope/sdk';

init({ serviceName: 'concurrent-writes' });

type Plan = { readonly [field: string]: string };
type Versioned = { readonly version: number; readonly by: string; readonly plan: Plan };

class VersionConflictError extends Error {
  readonly code = 'version_conflict';
}

const resource = 'launch-plan';

/** Compare and swap. */
class PlanStore {
  #current: Versioned;

  constructor(plan: Plan) {
    this.#current = { version: 1, by: 'nobody', plan };
  }

  async read(): Promise<Versioned> {
    return run({ kind: 'tool', name: 'read_plan' }, (op) => {
      op.emit({ type: 'read', resource, version: this.#current.version });
      return this.#current;
    });
  }

  async write(by: string, base: Versioned, plan: Plan): Promise<void> {
    run({ kind: 'tool', name: 'write_plan', args: plan }, (op) => {
      const { version } = this.#current;
      if (version !== base.version) {
        op.emit({ type: 'rejected', by: 'conflict', target: resource });
        throw new VersionConflictError(`the plan is at ${version}, you read ${base.version}`);
      }
      this.#current = { version: version + 1, by, plan };
      op.emit({ type: 'write', resource, version: version + 1, basedOn: base.version });
    });
  }
}

/** Who decides a field that two have changed; nobody named: whoever wrote first. */
const owners: { readonly [field: string]: string } = { date: 'planner', price: 'accountant' };

/** Three versions become one: what was read, what is there now, what this agent wants. */
function merge(agent: string, base: Plan, now: Versioned, mine: Plan): Plan {
  const theirs = now.plan;
  return run({ kind: 'step', name: 'merge plan', type: 'resolve' }, () => {
    const merged: Record<string, string> = { ...theirs };
    for (const [key, value] of Object.entries(mine)) {
      const changedByMe = value !== base[key];
      const changedByThem = theirs[key] !== base[key];
      if (!changedByMe || value === theirs[key]) continue;
      const won = !changedByThem || owners[key] === agent;
      if (won) merged[key] = value;
      if (!changedByThem) continue;
      const strategy = owners[key] === undefined ? 'first_writer' : 'owner';
      emit({ type: 'conflict', resource, key, strategy, winner: won ? agent : now.by });
    }
    return merged;
  });
}

const attemptsAtMost = 3;

/** Reads, changes, writes; after a conflict, merges and writes again. */
async function edit(store: PlanStore, agent: string, changes: Plan): Promise<void> {
  await run({ kind: 'agent', name: agent }, async () => {
    let base = await store.read();
    let wanted: Plan = { ...base.plan, ...changes };
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.write(agent, base, wanted);
      } catch (error) {
        if (!(error instanceof VersionConflictError) || attempt === attemptsAtMost) throw error;
        const reason = error.code;
        emit({ type: 'retry', attempt, max: attemptsAtMost, reason, withContext: true });
        const now = await store.read();
        wanted = merge(agent, base.plan, now, wanted);
        base = now;
      }
    }
  });
}

await run({ kind: 'workflow', name: 'plan-launch', pattern: 'parallel' }, async () => {
  const store = new PlanStore({ date: '1 May', price: '10', slogan: 'none', venue: 'none' });
  await Promise.all([
    edit(store, 'planner', { date: '9 May', slogan: 'Soon', venue: 'town hall' }),
    edit(store, 'accountant', { date: '2 June', price: '12', slogan: 'Cheap' }),
  ]);
  console.log(await store.read());
});
