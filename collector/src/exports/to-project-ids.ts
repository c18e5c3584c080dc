import type { CostDimension } from '../contract.ts';
import { ApiFailure } from '../query/api-failure.ts';
import { readProjects } from '../store/read-projects.ts';
import type { Reader } from '../store/read-rows.ts';

/** All of them are one query. */
const mostProjects = 200;

/** Whose rows are asked for: of the project that is named, unless projects are told apart. @throws ApiFailure */
export async function toProjectIds(
  reader: Reader,
  own: string,
  by: readonly CostDimension[],
): Promise<string[]> {
  if (!by.includes('project')) return [own];
  const all = await readProjects(reader);
  if (all.length <= mostProjects) return all.map(({ id }) => id);
  throw new ApiFailure(
    'too_large',
    `There are ${all.length} projects, and a file has at most ${mostProjects}. Export them one by one.`,
  );
}
