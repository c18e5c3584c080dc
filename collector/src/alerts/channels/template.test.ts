import { describe, expect, test } from 'vitest';
import { slowAgent, toDelivery } from './message.testing.ts';
import { checkTemplate, renderTemplate, toScope } from './template.ts';
import { escapeHtml } from './text.ts';

const scope = toScope(
  toDelivery({ title: '<b>slow</b>', alerts: [slowAgent, { ...slowAgent, group: '<i>' }] }),
  'https://traces.example',
);
const render = (template: string) => renderTemplate(template, scope, escapeHtml);

test.each([
  ['{{ title }}', '&lt;b&gt;slow&lt;/b&gt;'],
  ['<b>{{ title }}</b>', '<b>&lt;b&gt;slow&lt;/b&gt;</b>'],
  [
    '{% for a in alerts %}{{ a.group }}: {{ a.value }}, {% endfor %}',
    'planner: 18.2 s, &lt;i&gt;: 18.2 s,',
  ],
  ['{{ alerts | map: "group" | join: " " }}', 'planner &lt;i&gt;'],
  ['{% echo title %}', '&lt;b&gt;slow&lt;/b&gt;'],
  ['{% cycle title, "b" %}', '&lt;b&gt;slow&lt;/b&gt;'],
  ['{% assign t = title | upcase %}{{ t }}', '&lt;B&gt;SLOW&lt;/B&gt;'],
  ['{{ "%3Cb%3E%00" | url_decode }}', '&lt;b&gt;'],
  ['{{ labels.team }} {{ labels.nobody }}', 'search'],
  ['{% if severity == "critical" %}!{% endif %}', '!'],
  ['{{ alerts[0].incidentUrl }}', 'https://traces.example/alerts/incidents/i-1f2e3d?project=shop'],
  ['{{ title.constructor }}{{ alerts.constructor.constructor }}{{ __proto__ }}', ''],
])('%s', (template, text) => {
  expect(render(template)).toEqual({ type: 'text', text });
});

describe('answered, and nothing else happens', () => {
  test.each([
    ['a loop', '{% for i in (1..100000000) %}x{% endfor %}', /memory alloc limit exceeded/],
    [
      'loops in loops',
      '{% for i in (1..900) %}{% for j in (1..900) %}x{% endfor %}{% endfor %}',
      /limit exceeded/,
    ],
    [
      'a text that doubles',
      '{% assign s = "xxxx" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}',
      /memory alloc limit exceeded/,
    ],
    ['a long template', 'x'.repeat(20_000), /parse length limit exceeded/],
    ['a file', '{% include "/etc/passwd" %}', /tag "include" not found/],
    ['a file as a part', '{% render "/etc/passwd" %}', /tag "render" not found/],
    ['a file around it', '{% layout "/etc/passwd" %}', /tag "layout" not found/],
    ['a value as it is', '{{ title | raw }}', /undefined filter: raw/],
    ['an unknown filter', '{{ title | nope }}', /undefined filter: nope/],
    ['an open output', '{{ title', /not closed/],
    ['an open loop', '{% for a in alerts %}', /not closed/],
  ])('%s', (_, template, message) => {
    expect(render(template)).toEqual({ type: 'error', message: expect.stringMatching(message) });
    expect(checkTemplate(template)).toMatch(/^The template cannot be used: .*\.$/);
  });
});

test('a good template has nothing to change', () => {
  expect(checkTemplate('{{ title }} at {{ alerts[0].value }}, {{ silenceUrl }}')).toBeNull();
});
