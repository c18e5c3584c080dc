/** The classes of waste as people call them. Complete by its type. */
import type { WasteClass } from 'orchescope/contract';

export const wasteLabels: Readonly<Record<WasteClass, string>> = {
  abandoned_run: 'Abandoned runs',
  failed_run: 'Failed runs',
  loop_iteration: 'Rounds of loops',
  retried_attempt: 'Tries that were made again',
  repeated_prompt: 'Prompts asked again',
  unused_tool_result: 'Tool results nobody read',
  unread_cache_write: 'Cache writes nobody read',
  uncached_context: 'Context sent again without a cache',
};
