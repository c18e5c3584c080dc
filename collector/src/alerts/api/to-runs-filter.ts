import type { AlertRule } from '../../contract.ts';

/** In the filter language of runs: those that the group of a rule is made of. */
export function toRunsFilter(
  { filter, by }: Pick<AlertRule, 'filter' | 'by'>,
  group: string,
): string {
  return [filter, ...toTerms(by, group)].filter((term) => term !== '').join(' ');
}

/** What is not known has an empty name, which no term finds. */
function toTerms(by: AlertRule['by'], group: string): string[] {
  if (by === 'none' || group === '') return [];
  if (by !== 'handoff') return [`${by}:${quote(group)}`];
  const agents = group.split(' -> ');
  return agents.length === 2 ? agents.map((agent) => `agent:${quote(agent)}`) : [];
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
