import { callModel, type Message, type ModelOptions, type Part } from './call-model.ts';
import { countTokens } from './models.ts';
import type { Run } from './run.ts';
import { tool, type ToolCall } from './verbs.ts';

/** An agent's conversation with its model. It grows with every call and is sent whole each time, as agents do. */
export type Talk = {
  user(text: string): void;
  /** The model answers in words. */
  says(text: string): void;
  /** The model asks for tools, all at once; they run side by side and their results join the conversation. */
  calls(...calls: readonly ToolCall[]): void;
};

export function talk(run: Run, options: ModelOptions): Talk {
  const messages: Message[] = [];
  let sentTokens = 0;
  const ask = (parts: Part[], finishReason: string) => {
    const input =
      countTokens(options.system + JSON.stringify(messages)) + (options.hiddenTokens ?? 600);
    callModel(run, options, { messages, parts, finishReason, input, cachedInput: sentTokens });
    sentTokens = input;
    messages.push({ role: 'assistant', parts });
  };
  return {
    user: (text) => {
      messages.push({ role: 'user', parts: [{ type: 'text', content: text }] });
    },
    says: (text) => ask([{ type: 'text', content: text }], 'stop'),
    calls: (...calls) => {
      const asked = calls.map((call) => ({ call, id: `call_${run.random.hex(6)}` }));
      ask(
        asked.map(({ call, id }) => ({
          type: 'tool_call',
          id,
          name: call.name,
          arguments: call.args,
        })),
        'tool_call',
      );
      run.parallel(
        asked.map(({ call, id }) => () => {
          const response = tool(run, call, id);
          messages.push({ role: 'tool', parts: [{ type: 'tool_call_response', id, response }] });
        }),
      );
    },
  };
}
