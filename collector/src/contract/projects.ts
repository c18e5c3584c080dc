/** Who sends. */
import { z } from 'zod';

export const projectList = z.object({
  projects: z.array(z.object({ id: z.string(), spanCount: z.int(), lastSeen: z.iso.datetime() })),
});
export type ProjectList = z.infer<typeof projectList>;
