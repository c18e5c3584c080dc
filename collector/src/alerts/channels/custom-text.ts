/** Title and text in the words of whoever set up the channel, where there are any. */
import type { AlertChannel } from '../../contract.ts';
import type { Delivery } from '../delivery.ts';
import { renderTemplate, toScope } from './template.ts';
import type { Escape } from './text.ts';

/** Both are escaped; null = ours. */
export type CustomText = {
  readonly title: string | null;
  readonly body: string | null;
  /** For the reader: why it is ours after all. Plain. */
  readonly note: string;
};

export function toCustomText(
  { titleTemplate, bodyTemplate }: AlertChannel,
  delivery: Delivery,
  publicUrl: string,
  escape: { readonly title: Escape; readonly body: Escape },
): CustomText {
  if (titleTemplate === '' && bodyTemplate === '') return { title: null, body: null, note: '' };
  const scope = toScope(delivery, publicUrl);
  const notes: string[] = [];
  const render = (name: string, template: string, own: Escape): string | null => {
    if (template === '') return null;
    const rendered = renderTemplate(template, scope, own);
    if (rendered.type === 'text') return rendered.text === '' ? null : rendered.text;
    notes.push(`The ${name} template of this channel failed (${rendered.message}).`);
    return null;
  };
  const title = render('title', titleTemplate, escape.title);
  const body = render('text', bodyTemplate, escape.body);
  if (notes.length > 0) notes.push('This is the standard text.');
  return { title: title?.replaceAll(/\s+/g, ' ') ?? null, body, note: notes.join(' ') };
}
