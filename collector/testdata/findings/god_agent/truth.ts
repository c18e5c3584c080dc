import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { tellAgent, times, underWorkflow } from '../../../src/analysis/detectors/shapes.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { team } from './teams.ts';

const god = { subject: 'boss' };
const boss = (turns: number, tools: number) => ({ agent: 'boss', turns, tools });
const helper = { agent: 'helper', turns: 1, tools: 1 };

const found: readonly FindingCase[] = [
  { name: 'one agent of two makes 30 calls of 12 tools', finds: [god], spans: team([boss(30, 12), helper]) },
  { name: 'with 24 tools it is worse', finds: [god], spans: team([boss(48, 24), helper]) },
  { name: 'in turns of the OpenAI SDK', finds: [god], spans: team([boss(30, 12), helper], 'openai-agents') },
  { name: 'in Google ADK', finds: [god], spans: team([boss(30, 12), helper], 'google-adk') },
  { name: 'in Mastra', finds: [god], spans: team([boss(30, 12), helper], 'mastra') },
  { name: 'in pydantic-ai', finds: [god], spans: team([boss(30, 12), helper], 'pydantic-ai') },
  { name: 'in CrewAI, with three helpers', finds: [god], spans: team([boss(60, 15), helper, { ...helper, agent: 'b' }, { ...helper, agent: 'c' }], 'crewai') },
  { name: 'the others only talk', finds: [god], spans: team([boss(40, 14), { agent: 'critic', turns: 3, tools: 0 }, { agent: 'greeter', turns: 1, tools: 0 }]) },
  { name: 'the others do nothing at all', finds: [god], spans: [...team([boss(30, 12)]), { id: 'idle', parent: 'root', kind: 'agent', agentName: 'idle' }] },
  { name: 'it is called three times, and does it all each time', finds: [god], spans: team([boss(12, 12), helper, boss(12, 12), boss(12, 12)]) },
  { name: 'it calls a helper as a tool, and does the rest itself', finds: [god],
    spans: [
      ...team([boss(30, 12)]),
      { id: 'ask', parent: 'boss 0', kind: 'tool', toolName: 'ask_helper', at: 29_000, until: 29_900 },
      { id: 'helper', parent: 'ask', kind: 'agent', agentName: 'helper', at: 29_010, until: 29_800 },
      { id: 'helper llm', parent: 'helper', kind: 'llm', model: 'm', at: 29_020, until: 29_700, inputTokens: 10, outputTokens: 10 },
    ] },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'a coding agent alone with twenty tools', finds: [], spans: team([boss(60, 20)]) },
  { name: 'a team of three who do a third each', finds: [], spans: team([boss(20, 12), { agent: 'b', turns: 20, tools: 12 }, { agent: 'c', turns: 20, tools: 12 }]) },
  { name: 'one does two thirds', finds: [], spans: team([boss(40, 12), { agent: 'b', turns: 20, tools: 4 }]) },
  { name: 'one that does all with four tools', finds: [], spans: team([boss(40, 4), helper]) },
  { name: 'a short run: ten calls', finds: [], spans: team([boss(5, 5), helper]) },
  { name: 'a writer asks models a lot, and another calls the tools', finds: [], spans: team([{ agent: 'boss', turns: 50, tools: 0 }, { agent: 'b', turns: 15, tools: 12 }]) },
  { name: 'a supervisor whose twelve tools are agents', finds: [],
    spans: underWorkflow('hub', [
      ...tellAgent('orchescope', { agent: 'boss', turns: times(24, (n) => ({ tools: [{ tool: `ask_${n % 12}` }] })) }),
      ...times(24, (n) => [{ id: `w${n}`, parent: `boss ${n} tool 0`, kind: 'agent' as const, agentName: `worker ${n % 12}`, at: 1000 * n + 810, until: 1000 * n + 990 }]).flat(),
    ]) },
  { name: 'LangGraph, in which agents have no names', finds: [], spans: team([boss(30, 12), helper], 'openinference') },
  { name: 'a hierarchy', finds: [], spans: await readRecordedRun('hierarchy', 0) },
  { name: 'a hub with spokes', finds: [], spans: await readRecordedRun('hub-and-spoke', 0) },
  { name: 'a registry of tools and one agent', finds: [], spans: await readRecordedRun('tool-registry', 0) },
  { name: 'two equals with many tools each', finds: [], spans: team([boss(30, 15), { agent: 'b', turns: 30, tools: 15 }], 'strands') },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
