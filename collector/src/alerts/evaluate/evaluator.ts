/** Evaluates whatever is due, of every project, and remembers what the store has of it. */
import { createHash } from 'node:crypto';
import { readRuleStates, writeEvaluations, type Evaluation } from '../../store/alert-log.ts';
import type { EvaluatorLease } from '../../store/evaluator-lease.ts';
import { readProjects } from '../../store/read-projects.ts';
import type { Reader } from '../../store/read-rows.ts';
import { readStoreNow, type StoreNow } from '../../store/read-store-now.ts';
import type { AlertSettings } from '../alert-settings.ts';
import { serverProject } from '../default-rules.ts';
import type { Delivery } from '../delivery.ts';
import { nextTimeMs } from './next-time.ts';
import { evaluateProject, type Round, type RoundParts } from './evaluate-project.ts';
import { toKeptRule, type KeptRule } from './kept-rule.ts';
import { setBackMs } from './set-back.ts';

export type EvaluatorParts = {
  readonly reader: Pick<Reader, 'client'>;
  readonly lease: EvaluatorLease;
  readonly readSettings: (projectId: string) => Promise<AlertSettings>;
  readonly readDelayMs: (projectId: string, nowMs: number) => Promise<number>;
  readonly hiddenMs: () => number;
  readonly round: (lastRoundMs: number | null) => RoundParts;
  readonly offer: (deliveries: readonly Delivery[]) => void;
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
};

export type Report =
  /** Another server evaluates. */
  | { readonly type: 'standby' }
  | {
      readonly type: 'done';
      readonly term: number;
      readonly evaluations: number;
      /** Rules that could not be read, and projects of which nothing could be stored. */
      readonly failedRules: number;
      readonly failedProjects: number;
      readonly openIncidents: number;
      /** By the clock of the store: when it was asked, and when something is due next. */
      readonly nowMs: number;
      readonly nextMs: number;
    };

export type Evaluator = {
  /** @throws when the store does not tell the time */
  readonly evaluateDue: () => Promise<Report>;
  /** Of projects whose settings changed: at once, not when something is due. */
  readonly forget: () => void;
};

/** States are read so far back when a server starts: as long as rows are kept. */
const memoryDays = 100;
const projectsEveryMs = 300_000;
/** What people set is heard of so much later at most. */
const settingsEveryMs = 5_000;

/** While this server is behind, it is seen soon that it no longer is. */
const hiddenPollMs = 500;

type ProjectMemory = {
  kept: Map<string, KeptRule>;
  /** By the clock of the store. */
  nextMs: number;
  lookedMs: number;
  /** An insert of which nobody knows whether it was stored: nothing is decided before it is. */
  unwritten: {
    readonly rows: readonly Evaluation[];
    readonly round: Round;
    readonly term: number;
  } | null;
};

export function createEvaluator(parts: EvaluatorParts): Evaluator {
  const { reader, lease, warn } = parts;
  let term: number | null = null;
  let memory = new Map<string, ProjectMemory>();
  let listed: { readonly atMs: number; readonly ids: readonly string[] } | null = null;
  let lastRoundMs: number | null = null;

  /** What another wrote meanwhile is not known here. */
  function begin(next: number): void {
    if (next === term) return;
    term = next;
    memory = new Map();
  }

  async function listProjects({ nowMs, activeProjects }: StoreNow): Promise<readonly string[]> {
    if (listed === null || Math.abs(nowMs - listed.atMs) > projectsEveryMs) {
      listed = { atMs: nowMs, ids: (await readProjects(reader)).map(({ id }) => id) };
    }
    return [...new Set([serverProject, ...listed.ids, ...activeProjects, ...memory.keys()])];
  }

  async function recall(projectId: string): Promise<ProjectMemory> {
    const known = memory.get(projectId);
    if (known !== undefined) return known;
    const states = await readRuleStates(reader, projectId, memoryDays);
    const kept = new Map([...states].map(([ruleId, last]) => [ruleId, toKeptRule(last)]));
    const fresh = { kept, nextMs: 0, lookedMs: 0, unwritten: null };
    memory.set(projectId, fresh);
    return fresh;
  }

  async function evaluate(
    projectId: string,
    nowMs: number,
    round: RoundParts,
  ): Promise<{ readonly evaluations: number; readonly failed: number }> {
    const own = await recall(projectId);
    const none = { evaluations: 0, failed: 0 };
    if (own.unwritten !== null) await store(own, own.unwritten);
    const isDue = nowMs >= own.nextMs || Math.abs(nowMs - own.lookedMs) >= settingsEveryMs;
    if (!isDue) return none;
    const settings = await parts.readSettings(projectId);
    own.lookedMs = nowMs;
    const delayMs = await parts.readDelayMs(projectId, nowMs);
    const held = lease.held();
    if (held === null || held !== term) throw new Error('another server evaluates by now');
    const hiddenMs = parts.hiddenMs();
    const input = { projectId, settings, kept: own.kept, nowMs, delayMs, hiddenMs, term: held };
    const result = await evaluateProject(round, input);
    if (result.evaluations.length > 0) {
      await store(own, { rows: result.evaluations, round: result, term: held });
    }
    own.nextMs = result.isBehind ? 0 : nextTimeMs(projectId, settings, own.kept, nowMs);
    if (hiddenMs > 0) own.nextMs = Math.min(own.nextMs, nowMs + hiddenPollMs);
    return { evaluations: result.evaluations.length, failed: result.failed };
  }

  async function store(
    own: ProjectMemory,
    unwritten: NonNullable<ProjectMemory['unwritten']>,
  ): Promise<void> {
    // Whoever was stopped in the meantime has nothing to say any more.
    if (lease.held() !== unwritten.term) throw new Error('another server evaluates by now');
    own.unwritten = unwritten;
    const { rows, round } = unwritten;
    await writeEvaluations(reader.client, rows, tokenOf(rows));
    own.unwritten = null;
    for (const [ruleId, kept] of round.kept) {
      const isGone = kept.state === null;
      if (isGone) own.kept.delete(ruleId);
      else own.kept.set(ruleId, kept);
    }
    parts.offer(round.deliveries);
  }

  function isSetBack(nowMs: number): boolean {
    const latestMs = nowMs + setBackMs;
    return [...memory.values()].some(({ kept }) =>
      [...kept.values()].some(({ lastAtMs }) => lastAtMs !== null && lastAtMs > latestMs),
    );
  }

  return {
    forget: () => {
      for (const own of memory.values()) own.nextMs = 0;
    },
    evaluateDue: async () => {
      const held = await lease.hold();
      if (held === null) {
        memory = new Map();
        term = null;
        return { type: 'standby' };
      }
      begin(held);
      const storeNow = await readStoreNow(reader.client);
      const { nowMs } = storeNow;
      const projects = await listProjects(storeNow);
      for (const projectId of projects) await recall(projectId);
      if (isSetBack(nowMs)) {
        warn('the clock of the store was set back: rules are evaluated anew from now on', {});
        // Readers take the rows of the higher term for the last ones, whatever their times say.
        await lease.release();
        const next = await lease.hold();
        if (next === null) return { type: 'standby' };
        term = next;
      }
      const roundParts = parts.round(lastRoundMs);
      let [evaluations, failedRules, failedProjects] = [0, 0, 0];
      for (const projectId of projects) {
        try {
          const done = await evaluate(projectId, nowMs, roundParts);
          evaluations += done.evaluations;
          failedRules += done.failed;
        } catch (error) {
          failedProjects += 1;
          warn('rules of a project were not evaluated, it is tried again', { projectId, error });
        }
      }
      if (failedProjects === 0) lastRoundMs = nowMs;
      const all = [...memory.values()];
      return {
        type: 'done',
        term: term ?? held,
        evaluations,
        failedRules,
        failedProjects,
        openIncidents: all.reduce((sum, { kept }) => sum + openOf(kept), 0),
        nowMs,
        nextMs: Math.min(...all.map(({ nextMs }) => nextMs)),
      };
    },
  };
}

function openOf(kept: ReadonlyMap<string, KeptRule>): number {
  const instances = [...kept.values()].flatMap(({ state }) => state?.instances ?? []);
  return instances.filter(({ episode }) => episode !== null).length;
}

/** Of these evaluations by this term, and no others. */
function tokenOf(rows: readonly Evaluation[]): string {
  const names = rows.map(({ projectId, ruleId, evalAtMs, term }) => [
    projectId,
    ruleId,
    evalAtMs,
    term,
  ]);
  return createHash('sha256').update(JSON.stringify(names)).digest('hex');
}
