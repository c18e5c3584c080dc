import { expect, test } from 'vitest';
import { toVisibleText } from './visible-text.ts';

test.each([
  ['plain text', 'refund order 42', 'refund order 42'],
  ['line breaks and tabs', 'a\n\tb', 'a\n\tb'],
  ['a name turned around', 'invoice\u202Efdp.exe', 'invoice⟨U+202E⟩fdp.exe'],
  ['an isolate', '\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
  ['a zero-width space', 'a\u200Bb', 'a⟨U+200B⟩b'],
  ['control characters', 'a\u0000\u001B[31mb\u009B', 'a␀␛[31mb⟨U+009B⟩'],
  ['scripts written from the right', 'שלום', 'שלום'],
  ['joined emoji', '👩‍👩‍👧', '👩‍👩‍👧'],
])('%s', (_, text, visible) => {
  expect(toVisibleText(text)).toBe(visible);
});
