/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { failed, repeat, tell, work, type Fields, type Scope } from '../heldout-traffic.ts';

const at = (resource: string, version: number | string, base?: number | string) => ({
  'orchescope.resource.name': resource,
  'orchescope.resource.version': version,
  ...(base === undefined ? {} : { 'orchescope.resource.base_version': base }),
});

function read(agent: Scope, resource: string, version: number | string): void {
  agent.tool('read_document', {}, (tool) => {
    tool.idle(80);
    tool.event('read', { ...at(resource, version), 'gen_ai.agent.name': agent.agentName });
  });
}

function write(
  agent: Scope,
  resource: string,
  version: number | string,
  base?: number | string,
  fields: Fields = {},
): void {
  agent.tool('write_document', fields, (tool) => {
    tool.idle(120);
    tool.event('write', { ...at(resource, version, base), 'gen_ai.agent.name': agent.agentName });
  });
}

const found: readonly FindingCase[] = [
  {
    name: 'sales and marketing read version 3 of a plan, and both write upon it',
    finds: [{ variant: 'lost_update', subject: 'launch plan' }],
    spans: tell('orchescope', 'launch', (run) => {
      work('planner', { rounds: 5 })(run);
      run.beside(
        (side) =>
          void side.agent('sales', (agent) => {
            read(agent, 'launch plan', 3);
            agent.round({ tools: [['get_targets']] });
            write(agent, 'launch plan', 4, 3);
          }),
        (side) =>
          void side.agent('marketing', (agent) => {
            read(agent, 'launch plan', 3);
            repeat(3, () => agent.round({ tools: [['get_campaigns']] }));
            write(agent, 'launch plan', 5, 3);
          }),
      );
      work('mailer', { rounds: 2 })(run);
    }),
  },
  {
    name: 'a write is refused because another agent was quicker, and done again',
    finds: [{ variant: 'refused' }],
    spans: tell('orchescope', 'inventory', (run) => {
      run.agent('purchasing', (agent) => {
        read(agent, 'stock', 'e1');
        write(agent, 'stock', 'e2', 'e1');
      });
      run.agent('returns', (agent) => {
        agent.round({ tools: [['list_returns']] });
        agent.tool(
          'write_document',
          failed('version_conflict', 'stock is at e2, you read e1'),
          (tool) => {
            tool.idle(90);
            tool.event('rejected', {
              'orchescope.rejected.by': 'conflict',
              'orchescope.rejected.target': 'stock',
            });
          },
        );
        read(agent, 'stock', 'e2');
        write(agent, 'stock', 'e3', 'e2');
      });
      work('reporter', { rounds: 6 })(run);
    }),
  },
  {
    name: 'two editors of one page, and the last writer wins by the rule of the store',
    finds: [{ variant: 'settled' }],
    spans: tell('orchescope', 'wiki', (run) => {
      work('author', { rounds: 6 })(run);
      run.step('merge', (step) => {
        step.event('conflict', {
          'orchescope.resource.name': 'page 12',
          'orchescope.conflict.key': 'title',
          'orchescope.conflict.strategy': 'last_writer',
          'orchescope.conflict.winner': 'editor b',
        });
        step.idle(20);
      });
    }),
  },
  {
    name: 'OpenAI Agents: one agent saves a record, another gets an OptimisticLockError for it',
    finds: [{ variant: 'refused' }],
    spans: tell('openai-agents', 'crm', (run) => {
      run.beside(
        (side) =>
          void side.agent('updater', (agent) => {
            agent.round({ tools: [['save_contact', { ms: 300 }]] });
            agent.round();
          }),
        (side) =>
          void side.agent('enricher', (agent) => {
            agent.round({ tools: [['find_company']] });
            agent.round({
              tools: [
                [
                  'save_contact',
                  failed('OptimisticLockError', 'row was updated by another transaction'),
                ],
              ],
            });
            agent.round();
          }),
        work('mailer', { rounds: 5 }),
      );
    }),
  },
  {
    name: 'three writers who had all read the first version, and none says what it wrote upon',
    finds: [{ variant: 'lost_update' }],
    spans: tell('orchescope', 'agenda', (run) => {
      run.beside(
        ...['ann', 'bob', 'cem'].map((name, n) => (side: Scope) => {
          side.agent(name, (agent) => {
            read(agent, 'agenda', 1);
            repeat(2 + n, () => agent.round({ tools: [['search']] }));
            write(agent, 'agenda', n + 2);
          });
        }),
      );
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'five agents who write one after the other, each upon what was there',
    finds: [],
    spans: tell('orchescope', 'draft', (run) => {
      repeat(5, (n) => {
        run.agent(`author ${n}`, (agent) => {
          read(agent, 'draft', n);
          agent.round({ output: 400 });
          write(agent, 'draft', n + 1, n);
        });
      });
    }),
  },
  {
    name: 'one agent that writes the same page four times',
    finds: [],
    spans: tell('orchescope', 'notes', (run) => {
      run.agent('scribe', (agent) => {
        read(agent, 'notes', 1);
        repeat(4, (n) => {
          agent.round({ tools: [['listen']] });
          write(agent, 'notes', n + 2, 1);
        });
      });
      work('reader', { rounds: 5 })(run);
    }),
  },
  {
    name: 'six agents who add lines to a log without a version',
    finds: [],
    spans: tell('orchescope', 'audit', (run) => {
      run.beside(
        ...[0, 1, 2, 3, 4, 5].map((n) => (side: Scope) => {
          side.agent(`checker ${n}`, (agent) => {
            agent.round({ tools: [['check']] });
            agent.tool('append_log', {}, (tool) =>
              tool.event('write', {
                'orchescope.resource.name': 'log',
                'gen_ai.agent.name': `checker ${n}`,
              }),
            );
          });
        }),
      );
    }),
  },
  {
    name: 'four agents who write at the same time, each a document of its own',
    finds: [],
    spans: tell('orchescope', 'chapters', (run) => {
      run.beside(
        ...[0, 1, 2, 3].map((n) => (side: Scope) => {
          side.agent(`author ${n}`, (agent) => {
            read(agent, `chapter ${n}`, 1);
            agent.round({ output: 700 });
            write(agent, `chapter ${n}`, 2, 1);
          });
        }),
      );
      work('binder', { rounds: 3 })(run);
    }),
  },
  {
    name: 'one agent may save, the other is not allowed to',
    finds: [],
    spans: tell('ai-sdk', 'crm', (run) => {
      run.agent('updater', (agent) => agent.round({ tools: [['saveContact']] }));
      run.agent('intern', (agent) => {
        agent.round({
          tools: [['saveContact', failed('ForbiddenError', 'the role intern may not write')]],
        });
        repeat(6, () => agent.round({ tools: [['findContact']] }));
      });
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
