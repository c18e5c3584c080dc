/** What the rule would have done, asked for while it is being written. */
import type { AlertPreview, AlertRule } from 'orchescope/contract';
import { previewRule } from '../rules/rules-api.ts';
import type { PreviewRange } from './preview-words.ts';

/** A line that is dragged asks once it rests. */
const restMs = 250;

/** The last answer stays while the next one is on its way, also when that one is a refusal. */
export class RulePreview {
  answer = $state.raw<AlertPreview | null>(null);
  failure = $state.raw<unknown>(null);
  isLoading = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | null = null;

  ask(project: string, rule: AlertRule, range: PreviewRange): void {
    this.stop();
    this.isLoading = true;
    this.#timer = setTimeout(() => void this.#read(project, rule, range), restMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = null;
  }

  async #read(project: string, rule: AlertRule, range: PreviewRange): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      const answer = await previewRule({ project, rule, ...range }, running.signal);
      if (running.signal.aborted) return;
      this.answer = answer;
      this.failure = null;
    } catch (error) {
      if (running.signal.aborted) return;
      this.failure = error;
    }
    this.isLoading = false;
  }
}
