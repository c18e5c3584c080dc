import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cleanLine,
  cleanText,
  escapeHtml,
  escapeMarkdown,
  escapeSlack,
  escapeSlackMarkup,
  fitEscaped,
  truncate,
  truncateEscaped,
} from './text.ts';

test.each([
  ['colours of a terminal', '\u001b[31mred\u001b[0m', '[31mred [0m'],
  ['the end of a text', 'a\u0000b', 'a b'],
  ['text turned around', 'file\u202egpj.exe', 'file gpj.exe'],
  ['isolates', 'a\u2066b\u2069c', 'a b c'],
  ['what is not seen', 'pay\u200bpal\u00ad\ufeff', 'pay pal'],
  ['letters of tags', 'a\u{e0041}\u{e0042}b', 'a b'],
  ['half a character', 'a\ud800b', 'a\ufffdb'],
  ['lines', 'a\r\nb\u2028c\td', 'a b c d'],
  ['what is a character of several', '👩‍👩‍👧', '👩‍👩‍👧'],
  ['any language', 'Ünïcode 很好 مرحبا', 'Ünïcode 很好 مرحبا'],
])('%s: cleaned', (_, text, cleaned) => {
  expect(cleanLine(text)).toBe(cleaned);
});

test('lines of a text stay lines', () => {
  expect(cleanText('a\r\nb\rc\u2029d')).toBe('a\nb\nc\nd');
});

test('a cut shows, and never splits a character', () => {
  expect(truncate('abc', 3)).toBe('abc');
  expect(truncate('abcd', 3)).toBe('ab…');
  expect(truncate('a😀😀', 4)).toBe('a😀…');
  expect(truncate('a😀😀', 3)).toBe('a…');
});

describe.each([
  ['html', escapeHtml],
  ['slack', escapeSlack],
  ['slack markup', escapeSlackMarkup],
  ['markdown', escapeMarkdown],
] as const)('%s', (_, escape) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom('&', '<', ':', '/', '*', '\\', '@', 'a', '😀'),
      maxLength: 60,
    }),
  );

  test('a text may be cut wherever it must be', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 70 }), (whole, max) => {
        const fitted = fitEscaped(whole, max, escape);
        expect(fitted.length).toBeLessThanOrEqual(max);
        const all = escape(whole);
        expect(all.length <= max ? fitted === all : all.startsWith(fitted.slice(0, -1))).toBe(true);
      }),
    );
  });

  test('nor does a cut of the escaped text leave half an escape', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 70 }), (whole, max) => {
        const fitted = truncateEscaped(escape(whole), max);
        expect(fitted.length).toBeLessThanOrEqual(max);
        if (fitted === escape(whole)) return;
        expect(fitted).not.toMatch(/&[a-z#0-9]*…$|(?<!\\)(\\\\)*\\…$/);
      }),
    );
  });
});

test.each([
  ['html', escapeHtml, `<a href="x" b='y'>&`, '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;'],
  ['slack', escapeSlack, '<!channel> & <@U1>', '&lt;!channel&gt; &amp; &lt;@U1&gt;'],
  ['a mention', escapeMarkdown, '@everyone', '@\u200beveryone'],
  [
    'a link',
    escapeMarkdown,
    '[a](https://b)',
    String.raw`\[a\](https:`.replace('(', String.raw`\(`) + '\u200b//b' + String.raw`\)`,
  ],
  ['a time', escapeMarkdown, '10:03 agent-1', '10:03 agent-1'],
])('%s is shown as it was written', (_, escape, text, escaped) => {
  expect(escape(text)).toBe(escaped);
});
