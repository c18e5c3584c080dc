/**
 * Text from strangers, with what cannot be seen made visible: a direction mark may turn a name around or hide part of
 * a command, a control character may hide anything. Line breaks and tabs stay.
 */
export function toVisibleText(text: string): string {
  return suspicious.test(text) ? text.replaceAll(everySuspicious, nameOf) : text;
}

// Direction marks and isolates, zero-width characters that join nothing, and C0/C1 controls.
const pattern =
  '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff]';
const suspicious = new RegExp(pattern, 'u');
const everySuspicious = new RegExp(pattern, 'gu');

function nameOf(character: string): string {
  const code = character.charCodeAt(0);
  // U+2400 onwards draws the C0 controls.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
