import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times, underWorkflow } from '../../../src/analysis/detectors/shapes.testing.ts';
import { agent, chain, llm, step, tool, workflow } from './chains.ts';

const found: readonly FindingCase[] = [
  {
    name: 'a timeout of a tool fails scraper, researcher and lead',
    finds: [{ subject: 'scraper' }],
    spans: chain([
      agent('lead', 'Timeout'),
      agent('researcher', 'Timeout'),
      agent('scraper', 'Timeout'),
      tool('fetch', 'Timeout'),
    ]),
  },
  {
    name: 'the same, wrapped in another error on every floor, the words passed on',
    finds: [{ subject: 'scraper' }],
    spans: chain([
      agent('lead', 'RunFailed', 'research failed: scrape failed: 503'),
      agent('researcher', 'ResearchFailed', 'scrape failed: 503'),
      agent('scraper', 'ScrapeFailed', '503'),
      tool('fetch', 'HttpError', '503'),
    ]),
  },
  {
    name: 'wrapped with other words, and nothing came after the failure',
    finds: [{ subject: 'clerk' }],
    spans: chain([
      agent('boss', 'E1', 'no'),
      agent('head', 'E2', 'broken'),
      agent('clerk', 'E3', 'oops'),
      llm('gpt-5', 'E4'),
    ]),
  },
  {
    name: 'agents called as tools: a tool between each two of them',
    finds: [{ subject: 'critic' }],
    spans: chain([
      agent('concierge', 'Error'),
      tool('askPlanner', 'Error'),
      agent('planner', 'Error'),
      tool('askCritic', 'Error'),
      agent('critic', 'Error'),
      llm('gpt-5', 'Error'),
    ]),
  },
  {
    name: 'a hierarchy of five, and the workflow falls with it',
    finds: [{ subject: 'worker' }],
    spans: chain([
      workflow('audit', 'Quota'),
      agent('director', 'Quota'),
      step('delegate', 'Quota'),
      agent('manager', 'Quota'),
      step('delegate', 'Quota'),
      agent('lead', 'Quota'),
      agent('worker', 'Quota'),
      tool('query', 'Quota'),
    ]),
  },
  {
    name: 'an error caught by the fourth agent had failed three',
    finds: [{ subject: 'c' }],
    spans: chain([agent('top'), agent('a', 'X'), agent('b', 'X'), agent('c', 'X'), tool('t', 'X')]),
  },
  {
    name: 'a director goes on after one branch failed through three agents',
    finds: [{ subject: 'c' }],
    spans: underWorkflow('report', [
      ...chain([agent('a', 'X'), agent('b', 'X'), agent('c', 'X'), llm('gpt-5', 'X')], {
        prefix: 'bad',
      }),
      ...chain([agent('writer'), llm('gpt-5')], { prefix: 'good', at: 2000 }),
    ]),
  },
  {
    name: 'two branches fail, each through three agents',
    finds: [{ subject: 'c0' }, { subject: 'c1' }],
    spans: underWorkflow(
      'report',
      times(2, (n) =>
        chain([agent(`a${n}`, `X${n}`), agent(`b${n}`, `X${n}`), agent(`c${n}`, `X${n}`)], {
          prefix: `${n} `,
          at: 10 * n,
        }),
      ).flat(),
    ),
  },
  {
    name: 'the error arose in an agent itself, with no call below it',
    finds: [{ subject: 'inner' }],
    spans: chain([
      agent('outer', 'TypeError'),
      agent('middle', 'TypeError'),
      agent('inner', 'TypeError'),
    ]),
  },
  {
    name: 'a parent that did other things after the failure, and then failed of the same error',
    finds: [{ subject: 'c' }],
    spans: [
      ...chain([
        agent('a', 'Denied'),
        agent('b', 'Denied'),
        agent('c', 'Denied'),
        tool('open', 'Denied'),
      ]),
      { id: 'log', parent: '0', kind: 'tool', toolName: 'log', at: 985, until: 995 },
    ],
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'an error that two agents failed of',
    finds: [],
    spans: chain([agent('lead', 'X'), agent('worker', 'X'), tool('t', 'X')]),
  },
  {
    name: 'many steps of one agent, all failed',
    finds: [],
    spans: chain([
      workflow('w', 'X'),
      agent('one', 'X'),
      step('s', 'X'),
      step('s', 'X'),
      step('s', 'X'),
      tool('t', 'X'),
    ]),
  },
  {
    name: 'three agents deep, and the innermost caught it',
    finds: [],
    spans: chain([agent('a'), agent('b'), agent('c'), tool('t', 'X')]),
  },
  {
    name: 'caught half way up',
    finds: [],
    spans: chain([agent('a'), agent('b'), agent('c', 'X'), agent('d', 'X'), tool('t', 'X')]),
  },
  {
    name: 'five workers that fail side by side, each of its own error, and the lead goes on',
    finds: [],
    spans: underWorkflow(
      'fan out',
      times(5, (n) => chain([agent(`w${n}`, 'X'), tool('t', 'X')], { prefix: `${n} ` })).flat(),
    ),
  },
  {
    name: 'three agents one after the other fail of the same service',
    finds: [],
    spans: underWorkflow(
      'chain',
      times(3, (n) =>
        chain([agent(`w${n}`, 'Down'), tool('t', 'Down')], { prefix: `${n} `, at: 2000 * n }),
      ).flat(),
    ),
  },
  {
    name: 'agents above fail of something else, after they had gone on',
    finds: [],
    spans: [
      ...chain([
        agent('a', 'Budget'),
        agent('b', 'Budget'),
        agent('c', 'NotFound'),
        tool('t', 'NotFound'),
      ]).map((span) => (span.id === '2' || span.id === '3' ? { ...span, until: 300 } : span)),
      { id: 'next', parent: '1', kind: 'llm', at: 400, until: 900 },
    ],
  },
  {
    name: 'an agent that called itself through a wrapper of the same name',
    finds: [],
    spans: chain([
      agent('solver', 'X'),
      agent('solver', 'X'),
      agent('solver', 'X'),
      tool('t', 'X'),
    ]),
  },
  {
    name: 'a run in which nothing failed, five agents deep',
    finds: [],
    spans: chain([agent('a'), agent('b'), agent('c'), agent('d'), agent('e'), llm('gpt-5')]),
  },
  {
    name: 'workflow within workflow within workflow, with one agent',
    finds: [],
    spans: chain([
      workflow('a', 'X'),
      workflow('b', 'X'),
      workflow('c', 'X'),
      agent('d', 'X'),
      llm('gpt-5', 'X'),
    ]),
  },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
