/** Senders of whom there is little to say beyond gen_ai's names. */
import { dialect } from './table.ts';

/** The Claude SDK's spans of its requests, and those of the API for the same requests. */
export const anthropic = dialect('anthropic', {
  marks: {
    scopePrefixes: ['com.anthropic.sdk.'],
    scopes: ['com.anthropic.claude-platform'],
    keys: ['anthropic.request.id'],
  },
  fields: [['finishReasons', 'anthropic.message.stop_reason']],
  namePrefixes: [
    ['anthropic.messages.create', 'llm'],
    ['anthropic.messages.stream', 'llm'],
    ['anthropic.tool_use', 'tool'],
  ],
});

/** W&B Weave's own conversations, and what it asks of other senders: which spans are turns of which thread. */
export const weave = dialect('weave', {
  marks: {
    scopes: ['weave.conversation'],
    keys: ['weave.client_version', 'wandb.thread_id', 'wandb.is_turn', 'wandb.display_name'],
  },
  kinds: [{ key: 'wandb.is_turn', values: { true: 'turn' } }],
  fields: [['conversationId', 'wandb.thread_id']],
});
