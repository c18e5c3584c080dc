/** E-mail addresses, read strictly before anything else gets to see them. */

export type Mailbox = { readonly name: string; readonly address: string };

const local = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** `ops@example.com`; with `Name <ops@example.com>` the name may hold letters, digits, spaces and . _ ' - */
export function readMailbox(text: string): Mailbox | null {
  const named = /^([\p{L}\p{N} ._'-]{1,100}) <([^<>]+)>$/u.exec(text.trim());
  const address = named?.[2] ?? text.trim();
  return isAddress(address) ? { name: named?.[1]?.trim() ?? '', address } : null;
}

/** Without quoted parts, comments and address literals: nobody has one, and parsers disagree about them. */
function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  const labels = domain.split('.');
  return (
    text.length <= 254 &&
    at >= 1 &&
    at <= 64 &&
    local.test(text.slice(0, at)) &&
    labels.every((part) => label.test(part)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}
