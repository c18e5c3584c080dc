/** The server about itself. */
import { z } from 'zod';

export const serverInfo = z.object({
  version: z.string(),
  /** `embedded` or `server`. */
  engine: z.enum(['embedded', 'server']),
  /** True when a key is needed to send and to read. */
  authentication: z.boolean(),
});
export type ServerInfo = z.infer<typeof serverInfo>;
