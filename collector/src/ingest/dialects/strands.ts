import { readMilliseconds, type Reader } from './readers.ts';
import { dialect } from './table.ts';

const readToolStatus: Reader<string> = (value) => (value === 'error' ? '_OTHER' : null);

/** Strands Agents, Python and TypeScript: gen_ai names up to 1.36 and message events, newest ones by an option. */
export const strands = dialect('strands', {
  marks: {
    scopes: ['strands-agents', 'strands.telemetry.tracer'],
    keys: ['agent_loop.cycle_id', 'event_loop.cycle_id', 'gen_ai.agent.node_type'],
    values: [
      ['gen_ai.system', 'strands-agents'],
      ['gen_ai.provider.name', 'strands-agents'],
    ],
  },
  fields: [
    ['timeToFirstChunk', 'gen_ai.server.time_to_first_token', { read: readMilliseconds }],
    ['errorType', 'gen_ai.tool.status', { read: readToolStatus }],
  ],
  content: [['system_instructions', 'system_prompt', { kinds: ['agent'] }]],
  namePrefixes: [
    ['execute_event_loop_cycle', 'step'],
    ['execute_agent_loop_cycle', 'step'],
  ],
});
