/** What spending is told by, and in what, as people call it. Complete by their types. */
import type { CostDimension, CostMeasure } from 'orchescope/contract';

type Dimension = {
  readonly label: string;
  readonly many: string;
  /** Of the filter over runs; null = runs are not found by it. */
  readonly field: string | null;
  /** Differs between the calls of one run: a filter by it keeps calls that have other values. */
  readonly isOfOneCall: boolean;
};

const ofRun = { isOfOneCall: false } as const;
const ofCall = { isOfOneCall: true } as const;

export const costDimensions: Readonly<Record<CostDimension, Dimension>> = {
  workflow: { label: 'Workflow', many: 'workflows', field: 'workflow', ...ofRun },
  agent: { label: 'Agent', many: 'agents', field: 'agent', ...ofCall },
  model: { label: 'Model', many: 'models', field: 'model', ...ofCall },
  provider: { label: 'Provider', many: 'providers', field: 'provider', ...ofCall },
  tool: { label: 'Tool', many: 'tools', field: 'tool', ...ofCall },
  user: { label: 'User', many: 'users', field: 'user', ...ofRun },
  session: { label: 'Session', many: 'sessions', field: 'conversation', ...ofRun },
  tag: { label: 'Team or tag', many: 'tags', field: 'tag', ...ofRun },
  environment: { label: 'Environment', many: 'environments', field: 'environment', ...ofRun },
  version: { label: 'Version', many: 'versions', field: 'version', ...ofRun },
  project: { label: 'Project', many: 'projects', field: null, ...ofRun },
};

export const costMeasures: Readonly<Record<CostMeasure, string>> = {
  cost: 'Cost',
  tokens: 'Tokens',
  cost_per_run: 'Cost per run',
  cost_per_successful_run: 'Cost per successful run',
  cost_per_handoff: 'Cost per handoff',
  cost_per_user: 'Cost per user',
};
