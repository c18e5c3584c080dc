import type { LangSmithParams } from '@langchain/core/language_models/chat_models';
import { FakeBuiltModel } from '@langchain/core/testing';
import { setTimeout as sleep } from 'node:timers/promises';

/** Plays what was queued with `respond`, takes its time, and says its model's name as real chat models do. */
export class FakeModel extends FakeBuiltModel {
  readonly #model: string;

  constructor(model: string) {
    super();
    this.#model = model;
  }

  override async _generate(...args: Parameters<FakeBuiltModel['_generate']>) {
    await sleep(20);
    return super._generate(...args);
  }

  override invocationParams() {
    return { model: this.#model };
  }

  override getLsParams(): LangSmithParams {
    return { ls_provider: 'openai', ls_model_name: this.#model, ls_model_type: 'chat' };
  }
}
