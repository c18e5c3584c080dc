/**
 * Streaming of intermediate events: the reader sees an agent think, act and answer.
 *
 * An agent that works for a minute shows what it is doing: it is an async generator, and its caller reads what it
 * thinks, which tools it calls, and the answer word by word. Wrapping the generator with `observe` changes nothing of
 * that.
 *
 * You will see the span of the agent open until the last event was read, with the model calls and the tool inside,
 * though they ran in the caller's loop. The model calls know the time to the first chunk. The second reader stops after
 * three events: its agent and its model call end there, well, as a reader may leave whenever it likes.
 * What the call used is not known then: providers tell it at the end.
 */
import { init, observe, run } from '@orchescope/sdk';

init({ serviceName: 'streaming-events' });

type Progress =
  | { readonly type: 'thought'; readonly text: string }
  | { readonly type: 'tool_started' | 'tool_finished'; readonly tool: string }
  | { readonly type: 'word'; readonly text: string };

type Chunk =
  | { readonly text: string }
  | { readonly inputTokens: number; readonly outputTokens: number };

/** A model that streams, its usage last, as providers do. */
const stream = observe(
  async function* (prompt: string): AsyncGenerator<Chunk> {
    const words = prompt.includes('weather is')
      ? ['Take', 'an', 'umbrella']
      : ['Ask', 'for', 'rain'];
    for (const text of words) yield { text };
    yield { inputTokens: Math.ceil(prompt.length / 4), outputTokens: words.length };
  },
  {
    kind: 'llm',
    name: 'stream',
    provider: 'openai',
    model: 'gpt-5-mini',
    in: (prompt) => ({ input: prompt }),
    chunks: (chunks) => {
      const usage = chunks.find((chunk) => 'inputTokens' in chunk);
      const text = chunks.map((chunk) => ('text' in chunk ? chunk.text : '')).join(' ');
      return { output: text, ...(usage && { usage }) };
    },
  },
);

const forecast = observe(async (city: string) => `rain in ${city}`, {
  kind: 'tool',
  name: 'forecast',
  in: (city) => ({ args: { city } }),
  out: (result) => ({ result }),
});

const advise = observe(
  async function* (question: string): AsyncGenerator<Progress> {
    let plan = '';
    for await (const chunk of stream(question)) if ('text' in chunk) plan += `${chunk.text} `;
    yield { type: 'thought', text: plan.trim() };
    yield { type: 'tool_started', tool: 'forecast' };
    const weather = await forecast('Bremen');
    yield { type: 'tool_finished', tool: 'forecast' };
    for await (const chunk of stream(`${question} The weather is: ${weather}`))
      if ('text' in chunk) yield { type: 'word', text: chunk.text };
  },
  {
    kind: 'agent',
    name: 'adviser',
    in: (question) => ({ input: question }),
    chunks: (events) => ({
      output: events.flatMap((event) => (event.type === 'word' ? [event.text] : [])).join(' '),
    }),
  },
);

await run({ kind: 'workflow', name: 'read-to-the-end' }, async () => {
  for await (const event of advise('Do I need a coat?')) console.log(event);
});

await run({ kind: 'workflow', name: 'leave-early' }, async () => {
  for await (const event of advise('Do I need a hat?')) {
    console.log(event);
    if (event.type === 'word') break; // the reader has seen enough
  }
});
