/** The filter of a group, narrowed to runs that show a fact. */
import { filterByField, type FilterField } from '../../trace/panel/filter-by.ts';

/** null when the filter language cannot say it. */
export function withFact(
  runsFilter: string,
  { field, value }: { readonly field: string; readonly value: string },
): string | null {
  // The server names fields of the filter language alone; a newer one may know more of them.
  if (!/^[a-z_.]+$/.test(field)) return null;
  const fact = filterByField(field as FilterField, value);
  return fact === null ? null : `${runsFilter} ${fact}`.trim();
}
