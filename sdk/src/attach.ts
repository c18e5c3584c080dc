import { attachAiSdk } from './attach-ai-sdk.ts';
import { attachAnthropic } from './integrations/anthropic.ts';
import { attachAmqplib } from './integrations/attach-amqplib.ts';
import { attachBullMq } from './integrations/attach-bullmq.ts';
import { attachedByFetch, attachFetch } from './integrations/attach-fetch.ts';
import { attachKafkaJs } from './integrations/attach-kafkajs.ts';
import { attachLangchain } from './integrations/attach-langchain.ts';
import { attachOpenaiAgents } from './integrations/openai-agents.ts';
import { safely } from './safely.ts';

type Attachment = {
  /** As its users call it; shown in the one line that `register` writes. */
  readonly name: string;
  /** True when the program has the library and is now traced. Must not load a library the program does not have. */
  readonly attach: () => boolean;
};

/** What `register` and `init` look for in the program: one line a library. */
const attachments: readonly Attachment[] = [
  { name: 'fetch', attach: attachFetch },
  { name: 'OpenAI', attach: attachedByFetch('openai') },
  { name: 'OpenAI Agents', attach: attachOpenaiAgents },
  { name: 'Google GenAI', attach: attachedByFetch('@google/genai') },
  { name: 'Anthropic', attach: attachAnthropic },
  { name: 'AI SDK', attach: attachAiSdk },
  { name: 'LangChain', attach: attachLangchain },
  { name: 'BullMQ', attach: attachBullMq },
  { name: 'amqplib', attach: attachAmqplib },
  { name: 'KafkaJS', attach: attachKafkaJs },
];

/** Attaches to everything that is there, and tells to what. One that fails costs the others nothing. */
export const attachAll = (): readonly string[] =>
  attachments
    .filter(({ name, attach }) => safely(`attaching ${name}`, attach, false))
    .map(({ name }) => name);
