import { codingAgent } from './coding-agent.ts';
import { debate } from './debate.ts';
import { documentPipeline } from './document-pipeline.ts';
import { nightlyBatch } from './nightly-batch.ts';
import { planExecute } from './plan-execute.ts';
import { ragAnswer } from './rag-answer.ts';
import { research } from './research.ts';
import { supportTriage } from './support-triage.ts';
import type { Workflow } from './workflow.ts';

export const workflows: readonly Workflow[] = [
  supportTriage,
  ragAnswer,
  research,
  codingAgent,
  documentPipeline,
  planExecute,
  debate,
  nightlyBatch,
];
