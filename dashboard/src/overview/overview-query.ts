/** How every part of the page asks: old answers stay on screen while new ones are on their way. */
import { createQuery, keepPreviousData, type CreateQueryResult } from '@tanstack/svelte-query';
import type { Scope } from '../routes.ts';

export const overviewKey = 'overview';

export function askFor<Answer>(
  part: string,
  scope: () => Scope,
  read: (asked: { readonly scope: Scope; readonly signal: AbortSignal }) => Promise<Answer>,
  more: () => {
    readonly refetchInterval?: number | false;
    readonly enabled?: boolean;
  } = () => ({}),
): CreateQueryResult<Answer> {
  return createQuery(() => {
    const { project, from, to } = scope();
    const asked = { project, from, to };
    return {
      queryKey: [overviewKey, part, asked],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => read({ scope: asked, signal }),
      placeholderData: keepPreviousData,
      ...more(),
    };
  });
}
