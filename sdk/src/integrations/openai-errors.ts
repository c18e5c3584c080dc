import { at, textAt } from './json.ts';

/** What an answer of OpenAI's or of its imitators says went wrong. */
export const failureOf = (body: unknown): { type: string; message: string } | undefined => {
  const error = at(body, 'error');
  if (typeof error === 'string') return { type: 'error', message: error };
  if (typeof error !== 'object' || error === null) return undefined;
  const type = textAt(error, 'code') ?? textAt(error, 'status') ?? textAt(error, 'type');
  return { type: type ?? 'error', message: textAt(error, 'message') ?? '' };
};

/** Azure has the model, which it calls a deployment, in the path. */
export const inPathOf = ({ pathname }: URL): string | undefined =>
  /\/deployments\/([^/]+)\//.exec(pathname)?.[1];
