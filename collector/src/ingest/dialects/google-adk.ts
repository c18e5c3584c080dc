import { dialect } from './table.ts';

const scope = 'gcp.vertex.agent';

/** Google's Agent Development Kit: gen_ai names, and the whole request and response of a call in two attributes. */
export const googleAdk = dialect('google-adk', {
  marks: {
    scopes: [scope],
    keys: ['gcp.vertex.agent.invocation_id', 'gcp.vertex.agent.event_id', 'adk.node.run_id'],
    values: [['gen_ai.system', scope]],
  },
  fields: [
    ['runId', 'adk.node.run_id'],
    ['runId', 'gcp.vertex.agent.invocation_id'],
    ['conversationId', 'gcp.vertex.agent.session_id'],
    ['workflowName', 'adk.workflow.name'],
    ['attempt', 'adk.node.attempt'],
    // JavaScript's name of the argument, and Python's.
    ['handoffArgument', 'gcp.vertex.agent.tool_call_args', { member: 'agentName' }],
    ['handoffArgument', 'gcp.vertex.agent.tool_call_args', { member: 'agent_name' }],
  ],
  content: [
    // On other spans these two are an empty object, for the developer page of the kit.
    ['input_messages', 'gcp.vertex.agent.llm_request', { kinds: ['llm'] }],
    ['output_messages', 'gcp.vertex.agent.llm_response', { kinds: ['llm'] }],
    ['tool_arguments', 'gcp.vertex.agent.tool_call_args'],
    ['tool_result', 'gcp.vertex.agent.tool_response'],
    ['input', 'gcp.vertex.agent.data'],
  ],
  namePrefixes: [
    ['invocation', 'turn', { scope }],
    ['agent_run', 'agent', { scope }],
  ],
});
