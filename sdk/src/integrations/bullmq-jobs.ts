import { metadataOf, type Job } from './bullmq-job.ts';

const jobsAtMost = 1_000;

/** Jobs a worker has taken and not yet begun. A worker's `active` event tells the job, its telemetry only the id. */
export class TakenJobs {
  private readonly jobs = new Map<string, Job>();

  /** Whoever calls `getNextJob` takes jobs that never begin here. */
  add(job: Job): void {
    if (job.id === undefined) return;
    this.jobs.delete(job.id);
    this.jobs.set(job.id, job);
    const [oldest] = this.jobs.keys();
    if (this.jobs.size > jobsAtMost && oldest !== undefined) this.jobs.delete(oldest);
  }

  /** The job that is about to begin, before its id is told. Jobs added at once share their metadata, and their trace. */
  withMetadata(metadata: string | undefined): Job | undefined {
    for (const job of this.jobs.values()) if (metadataOf(job) === metadata) return job;
    return undefined;
  }

  take(id: string): Job | undefined {
    const job = this.jobs.get(id);
    this.jobs.delete(id);
    return job;
  }
}
