/** Versions that first showed up, as words and as marks on a chart. */
import type { Deploy } from 'orchescope/contract';
import type { ChartMarker } from '../ui/chart/chart-types.ts';
import { toVisibleText } from '../ui/visible-text.ts';

/** "shop 1.4.0", "workflow refund 7". */
export function deployInWords({ kind, name, version }: Deploy): string {
  return toVisibleText(`${kind === 'workflow' ? 'workflow ' : ''}${name} ${version}`.trim());
}

export function toDeployMarks(deploys: readonly Deploy[]): ChartMarker[] {
  return deploys.map((deploy) => ({
    atMs: Date.parse(deploy.at),
    label: deployInWords(deploy),
    kind: 'deploy',
  }));
}
