/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { repeat, tell, type Scope } from '../heldout-traffic.ts';

const toolbox = [
  'find_order',
  'refund',
  'send_mail',
  'read_mail',
  'search_kb',
  'create_ticket',
  'close_ticket',
  'get_weather',
  'book_courier',
  'print_label',
  'query_sql',
  'update_crm',
  'translate',
  'check_stock',
  'plan_route',
  'make_invoice',
];

function busy(name: string, rounds: number, tools: readonly string[]) {
  return (scope: Scope): void =>
    void scope.agent(name, (agent) => {
      repeat(rounds, (n) => agent.round({ tools: [[tools[n % tools.length] ?? 'x']] }));
      agent.round({ output: 300 });
    });
}

const found: readonly FindingCase[] = [
  {
    name: 'an assistant with sixteen tools does all, and a second agent writes one summary',
    finds: [{ subject: 'assistant' }],
    spans: tell('openai-agents', 'office', (run) => {
      busy('assistant', 32, toolbox)(run);
      run.agent('summariser', (agent) => void agent.ask());
    }),
  },
  {
    name: 'LangGraph: operations has fourteen tools, the notifier has one',
    finds: [{ subject: 'operations' }],
    spans: tell('openinference', 'incident', (run) => {
      busy('operations', 24, toolbox.slice(0, 14))(run);
      busy('notifier', 1, ['send_mail'])(run);
    }),
  },
  {
    name: 'three agents, of which one makes nine of ten calls',
    finds: [{ subject: 'clerk' }],
    spans: tell('orchescope', 'back office', (run) => {
      busy('greeter', 1, ['read_mail'])(run);
      busy('clerk', 30, toolbox)(run);
      busy('closer', 1, ['close_ticket'])(run);
    }),
  },
  {
    name: 'ADK: the root agent hands over once, at the end, after it did everything',
    finds: [{ subject: 'root_agent' }],
    spans: tell('google-adk', 'errands', (run) => {
      run.agent('root_agent', (agent) => {
        repeat(22, (n) => agent.round({ tools: [[toolbox[n % 12] ?? 'x']] }));
        agent.handTo('goodbye');
      });
      run.agent('goodbye', (agent) => void agent.ask());
    }),
  },
  {
    name: 'an agent with fifteen tools asks a lawyer once, who reads one file',
    finds: [{ subject: 'concierge' }],
    spans: tell('ai-sdk', 'concierge', (run) => {
      run.agent('concierge', (agent) => {
        repeat(15, (n) =>
          agent.round({
            tools: [[toolbox[n] ?? 'x'], [toolbox[(n + 3) % 15] ?? 'x']],
            beside: true,
          }),
        );
        agent.ask({ finish: 'tool_calls' });
        agent.tool('askLawyer', {}, (tool) => busy('lawyer', 1, ['readFile'])(tool));
        agent.round({ output: 300 });
      });
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'one agent, twenty-odd calls, sixteen tools, and no team',
    finds: [],
    spans: tell('ai-sdk', 'office', (run) => busy('assistant', 30, toolbox)(run)),
  },
  {
    name: 'a supervisor with a tool for each of twelve specialists, who do the work',
    finds: [],
    spans: tell('openai-agents', 'agency', (run) => {
      run.agent('supervisor', (agent) => {
        repeat(12, (n) => {
          agent.ask({ finish: 'tool_calls' });
          agent.tool(`ask_specialist_${n}`, {}, (tool) =>
            busy(`specialist ${n}`, 2, toolbox.slice(n, n + 2))(tool),
          );
        });
        agent.round({ output: 600 });
      });
    }),
  },
  {
    name: 'two agents who share sixteen tools and the work',
    finds: [],
    spans: tell('crewai', 'shop', (run) => {
      busy('front', 16, toolbox.slice(0, 8))(run);
      busy('back', 14, toolbox.slice(8))(run);
    }),
  },
  {
    name: 'a coder with six tools and sixty calls, and a reviewer',
    finds: [],
    spans: tell('pydantic-ai', 'feature', (run) => {
      busy('coder', 30, ['bash', 'read', 'edit', 'grep', 'ls', 'run_tests'])(run);
      busy('reviewer', 2, ['read', 'grep'])(run);
    }),
  },
  {
    name: 'five specialists with three tools each, a busy one among them',
    finds: [],
    spans: tell('mastra', 'support', (run) => {
      repeat(5, (n) =>
        busy(`specialist ${n}`, n === 0 ? 12 : 4, toolbox.slice(3 * n, 3 * n + 3))(run),
      );
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
