/** A rule while somebody writes it: as it is stored, as it is written, and what saving it was refused for. */
import type { AlertRule } from 'orchescope/contract';
import { writeAlertRule } from '../rules/rules-api.ts';
import { isSameRule } from './rule-draft.ts';

export class RuleEdit {
  saved: AlertRule;
  rule: AlertRule;
  readonly isDirty: boolean;
  refusal = $state.raw<unknown>(null);
  isBusy = $state(false);

  constructor(initial: AlertRule) {
    this.saved = $state.raw(initial);
    this.rule = $state.raw(initial);
    this.isDirty = $derived(!isSameRule(this.rule, this.saved));
  }

  change(next: AlertRule): void {
    this.rule = next;
    this.refusal = null;
  }

  async write(project: string): Promise<void> {
    const answer = await writeAlertRule(project, this.rule);
    this.rule = this.saved = answer.rule;
  }

  /** One at a time; what it is rejected with is the refusal. */
  async run(work: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.refusal = null;
    try {
      await work();
    } catch (error) {
      this.refusal = error;
    } finally {
      this.isBusy = false;
    }
  }
}
