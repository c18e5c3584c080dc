import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { Annotation, END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { FakeModel } from './fake-model.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const State = Annotation.Root({ ...MessagesAnnotation.spec, next: Annotation<string> });

/**
 * supervisor -> researcher <-> tools, supervisor -> analyst, supervisor -> end. The supervisor is asked after every
 * worker, and the researcher goes round through its tools until its model calls none.
 */
export function createGraph() {
  const models = createModels();
  const worker = (model: Models[keyof Models]) => async (state: typeof State.State) => ({
    messages: [await model.invoke(state.messages)],
  });
  return new StateGraph(State)
    .addNode('supervisor', async (state) => {
      const answer = await models.supervisor.invoke(state.messages);
      return { next: answer.text };
    })
    .addNode('researcher', worker(models.researcher))
    .addNode('tools', new ToolNode([lookUpPrice]))
    .addNode('analyst', worker(models.analyst))
    .addEdge(START, 'supervisor')
    .addConditionalEdges('supervisor', (state) => state.next, {
      researcher: 'researcher',
      analyst: 'analyst',
      finish: END,
    })
    .addConditionalEdges(
      'researcher',
      (state) => (callsTools(state.messages) ? 'tools' : 'supervisor'),
      ['tools', 'supervisor'],
    )
    .addEdge('tools', 'researcher')
    .addEdge('analyst', 'supervisor')
    .compile();
}

function callsTools(messages: readonly BaseMessage[]): boolean {
  const last = messages.at(-1);
  return AIMessage.isInstance(last) && (last.tool_calls?.length ?? 0) > 0;
}

const lookUpPrice = tool(
  async ({ year }) => {
    await sleep(20);
    return year === 2020 ? '1.50 EUR' : '1.85 EUR';
  },
  {
    name: 'look_up_price',
    description: 'Price of a single tram ticket in a year',
    schema: z.object({ year: z.number() }),
  },
);

type Models = ReturnType<typeof createModels>;

/** Each model plays what is queued, in order. */
function createModels() {
  return {
    supervisor: new FakeModel('gpt-5-mini')
      .respond(says('researcher', 310, 4))
      .respond(says('analyst', 620, 4))
      .respond(says('finish', 810, 3)),
    researcher: new FakeModel('gpt-5-mini')
      .respond(asks('call_1', 2020))
      .respond(asks('call_2', 2025))
      .respond(says('1.50 EUR in 2020, 1.85 EUR in 2025.', 540, 22)),
    analyst: new FakeModel('gpt-5-mini').respond(says('It rose by 23.3 percent.', 700, 11)),
  };
}

function says(content: string, input: number, output: number): AIMessage {
  return toAnswer(new AIMessage(content), input, output);
}

function asks(id: string, year: number): AIMessage {
  const call = { id, name: 'look_up_price', args: { year }, type: 'tool_call' as const };
  return toAnswer(new AIMessage({ content: '', tool_calls: [call] }), 420, 18);
}

/** Assigned, since the declared type of `usage_metadata` on a plain AIMessage is undefined. */
function toAnswer(message: AIMessage, input: number, output: number): AIMessage {
  const usage = { input_tokens: input, output_tokens: output, total_tokens: input + output };
  return Object.assign(message, { usage_metadata: usage });
}
