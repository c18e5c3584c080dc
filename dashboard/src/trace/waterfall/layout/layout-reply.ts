/** What the page and the layout worker say to each other. */
import type { LoadedTrace } from './trace-layout.ts';

export type LayoutRequest =
  | { readonly type: 'load'; readonly id: number; readonly url: string }
  | { readonly type: 'abort'; readonly id: number };

export type LayoutFailure = {
  /** HTTP status; 0 = the server was not reached, or what it said could not be read. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
};

export type LayoutReply =
  | { readonly type: 'trace'; readonly id: number; readonly trace: LoadedTrace }
  | { readonly type: 'failure'; readonly id: number; readonly failure: LayoutFailure };
