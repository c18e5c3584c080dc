import { createContextKey, type Context } from '@opentelemetry/api';

/** The wait of one message: its `process` span and a `queue` event inside may both tell it. */
export type Wait = { readonly queue: unknown; counted: boolean };

const waitKey = createContextKey('orchescope.wait');

/** Everything below processes one message of this queue. */
export const withWait = (ctx: Context, queue: unknown): Context =>
  ctx.setValue(waitKey, { queue, counted: false } satisfies Wait);

export const waitOf = (ctx: Context): Wait | undefined => ctx.getValue(waitKey) as Wait | undefined;
