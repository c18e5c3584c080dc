import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { tellAgent, times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

const minute = 60_000;
const hour = 60 * minute;
const open: Sketch = {
  id: 'root',
  kind: 'workflow',
  name: 'report',
  workflowName: 'report',
  until: null,
};
const worked: readonly Sketch[] = times(4, (n) => ({
  id: `call ${n}`,
  parent: 'root',
  kind: 'llm' as const,
  at: minute * n,
  until: minute * n + 900,
  inputTokens: 100,
  outputTokens: 10,
}));

const found: readonly FindingCase[] = [
  {
    name: 'silent for two hours',
    finds: [{ subject: 'report' }],
    spans: [open, ...worked],
    nowMs: 2 * hour,
  },
  {
    name: 'silent for a week',
    finds: [{ subject: 'report' }],
    spans: [open, ...worked],
    nowMs: 168 * hour,
  },
  {
    name: 'it began, and nothing came after',
    finds: [{ subject: 'report' }],
    spans: [open],
    nowMs: 3 * hour,
  },
  {
    name: 'the model never answered',
    finds: [{}],
    spans: [open, { id: 'call', parent: 'root', kind: 'llm', at: 10, until: null }],
    nowMs: 90 * minute,
  },
  {
    name: 'a tool never came back',
    finds: [{}],
    spans: [
      open,
      ...worked,
      { id: 'crawl', parent: 'root', kind: 'tool', toolName: 'crawl', at: 5 * minute, until: null },
    ],
    nowMs: 90 * minute,
  },
  {
    name: 'the root never arrived: its process died with it',
    finds: [{}],
    spans: worked.map((span) => ({ ...span, parent: 'lost' })),
    nowMs: 5 * hour,
  },
  {
    name: 'an agent without a workflow',
    finds: [{}],
    spans: [
      { id: 'root', kind: 'agent', agentName: 'lonely', name: 'invoke_agent lonely', until: null },
      ...worked,
    ],
    nowMs: 4 * hour,
  },
  {
    name: 'exactly an hour of silence',
    finds: [{}],
    spans: [open, { id: 'call', parent: 'root', kind: 'llm', at: 0, until: 1000 }],
    nowMs: hour + 1000,
  },
  {
    name: 'an approval was given long ago, and then nothing',
    finds: [{}],
    spans: [open, { id: 'ok', parent: 'root', kind: 'approval', at: 1000, until: 5000 }, ...worked],
    nowMs: 3 * hour,
  },
  {
    name: 'an agent of the AI SDK that never left its third step',
    finds: [{}],
    spans: [...tellAgent('ai-sdk', { agent: 'concierge', turns: times(3, () => ({})) })].map(
      (span) => (span.kind === 'agent' ? { ...span, until: null } : span),
    ),
    nowMs: 2 * hour,
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'completed long ago',
    finds: [],
    spans: [{ ...open, until: 5 * minute }, ...worked],
    nowMs: 50 * hour,
  },
  {
    name: 'failed long ago',
    finds: [],
    spans: [{ ...open, until: 5 * minute, status: 'error' }, ...worked],
    nowMs: 50 * hour,
  },
  {
    name: 'running, and it said something a minute ago',
    finds: [],
    spans: [open, ...worked],
    nowMs: 4 * minute,
  },
  {
    name: 'running for a day, and a call ended just now',
    finds: [],
    spans: [
      open,
      ...worked,
      { id: 'x', parent: 'root', kind: 'llm', at: 24 * hour - 900, until: 24 * hour },
    ],
    nowMs: 24 * hour + minute,
  },
  {
    name: 'silent for 59 minutes',
    finds: [],
    spans: [open, { id: 'call', parent: 'root', kind: 'llm', at: 0, until: 1000 }],
    nowMs: 59 * minute,
  },
  {
    name: 'suspended: it waits for a resume',
    finds: [],
    spans: [
      { ...open, until: 5 * minute, attributes: { 'orchescope.run.outcome': 'suspended' } },
      ...worked,
    ],
    nowMs: 50 * hour,
  },
  {
    name: 'a person has been asked and has not answered',
    finds: [],
    spans: [
      open,
      ...worked,
      { id: 'ask', parent: 'root', kind: 'approval', at: 5 * minute, until: null },
    ],
    nowMs: 10 * hour,
  },
  {
    name: 'a step that waits until tomorrow',
    finds: [],
    spans: [
      open,
      ...worked,
      {
        id: 'wait',
        parent: 'root',
        kind: 'step',
        at: 5 * minute,
        until: null,
        attributes: { 'orchescope.step.type': 'wait' },
      },
    ],
    nowMs: 10 * hour,
  },
  {
    name: 'time spent waiting by the flag of its dialect',
    finds: [],
    spans: [open, { id: 'blocked', parent: 'root', kind: 'other', at: 5, until: null, flags: 16 }],
    nowMs: 10 * hour,
  },
  {
    name: 'interrupted by its sender, with the root still open',
    finds: [],
    spans: [
      open,
      ...worked,
      {
        id: 'pause',
        parent: 'root',
        kind: 'step',
        at: 5 * minute,
        events: [{ name: 'orchescope.interrupt', at: 5 * minute }],
      },
    ],
    nowMs: 10 * hour,
  },
  {
    name: 'a clock that is behind the spans',
    finds: [],
    spans: [open, ...worked],
    nowMs: -5 * hour,
  },
  {
    name: 'cancelled',
    finds: [],
    spans: [
      { ...open, until: minute, attributes: { 'orchescope.run.outcome': 'cancelled' } },
      ...worked,
    ],
    nowMs: 10 * hour,
  },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
