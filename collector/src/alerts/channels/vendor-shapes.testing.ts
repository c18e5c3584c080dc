/** What vendors take, written from the limits they document. For tests. */
import { z } from 'zod';

const time = z.iso.datetime();
const link = z.url({ protocol: /^https?$/ });

/** Counts as the vendor may at worst: in UTF-16 units. */
const text = (max: number, min = 1) => z.string().min(min).max(max);

const limitedBytes = (max: number) => (payload: unknown) =>
  Buffer.byteLength(JSON.stringify(payload)) <= max;

export const webhookShape = z
  .strictObject({
    type: z
      .string()
      .regex(
        /^alert\.(firing|resolved|fired_and_resolved|reminder|acknowledged|flapping|meta|test)$/,
      ),
    timestamp: time,
    data: z.strictObject({
      project: z.string(),
      rule: z.string(),
      title: z.string(),
      description: z.string(),
      summary: z.string(),
      text: z.string(),
      note: z.string(),
      severity: z.enum(['info', 'warning', 'critical']),
      metric: z.string(),
      unit: z.string(),
      target: z.number().nullable(),
      labels: z.record(z.string(), z.string()),
      owner: z.string(),
      runbook: z.string(),
      window: z.strictObject({ from: time, to: time }),
      links: z.strictObject({ rule: z.string(), silence: z.string() }),
      alerts: z.array(
        z.strictObject({
          incident: z.string(),
          fingerprint: z.string(),
          group: z.string(),
          state: z.enum(['firing', 'resolved', 'fired_and_resolved']),
          value: z.number().nullable(),
          threshold: z.number().nullable(),
          samples: z.number(),
          reason: z.string(),
          startedAt: time,
          endedAt: time.nullable(),
          exemplars: z.array(z.string()).max(5),
          links: z.strictObject({ incident: z.string() }),
        }),
      ),
      overflow: z.int().min(0),
    }),
  })
  .refine(limitedBytes(20_000));

/** Nothing that Slack reads as a command, a mention or a link of somebody else. */
const slackText = (max: number) =>
  text(max).refine((value) => !/<(?!https?:\/\/[^<>|\s]+\|[A-Z][A-Za-z0-9 ]*>)/.test(value));
const slackPlain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: slackText(max), emoji: z.literal(false) });
const slackMarkup = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: slackText(max) });

export const slackShape = z
  .strictObject({
    text: slackText(4_000),
    blocks: z
      .array(
        z.discriminatedUnion('type', [
          z.strictObject({ type: z.literal('header'), text: slackPlain(150) }),
          z.strictObject({
            type: z.literal('section'),
            text: z.union([slackPlain(3_000), slackMarkup(3_000)]),
          }),
          z.strictObject({
            type: z.literal('context'),
            elements: z.array(slackMarkup(3_000)).min(1).max(10),
          }),
        ]),
      )
      .min(1)
      .max(50),
    unfurl_links: z.literal(false),
    unfurl_media: z.literal(false),
  })
  .refine((payload) => JSON.stringify(payload).length <= 13_000);

const pagerDutyKeys = { routing_key: text(64), dedup_key: text(255) };
export const pagerDutyShape = z
  .discriminatedUnion('event_action', [
    z.strictObject({
      ...pagerDutyKeys,
      event_action: z.literal('trigger'),
      payload: z.strictObject({
        summary: text(1_024),
        source: text(1_024),
        severity: z.enum(['critical', 'error', 'warning', 'info']),
        timestamp: time,
        component: z.string().max(1_024),
        group: z.string().max(1_024),
        class: z.string().max(1_024),
        custom_details: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
      links: z.array(z.strictObject({ href: link, text: text(200) })),
      client: text(200),
    }),
    z.strictObject({ ...pagerDutyKeys, event_action: z.enum(['resolve', 'acknowledge']) }),
  ])
  .refine(limitedBytes(512 * 1024));

const open = z.strictObject({ type: z.literal('Action.OpenUrl'), url: link });
const textRun = z.strictObject({
  type: z.literal('TextRun'),
  text: text(2_000),
  weight: z.literal('Bolder').optional(),
  size: z.enum(['Medium', 'Small']).optional(),
  color: z.enum(['Good', 'Attention', 'Warning', 'Accent']).optional(),
  isSubtle: z.boolean().optional(),
  selectAction: open.optional(),
});

export const teamsShape = z
  .strictObject({
    type: z.literal('message'),
    attachments: z.tuple([
      z.strictObject({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null(),
        content: z.strictObject({
          $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
          type: z.literal('AdaptiveCard'),
          version: z.literal('1.4'),
          body: z.array(
            z.discriminatedUnion('type', [
              z.strictObject({
                type: z.literal('RichTextBlock'),
                inlines: z.array(textRun).min(1),
              }),
              z.strictObject({
                type: z.literal('TextBlock'),
                text: text(5_000),
                wrap: z.literal(true),
              }),
            ]),
          ),
          actions: z
            .array(
              z.strictObject({ type: z.literal('Action.OpenUrl'), title: text(100), url: link }),
            )
            .max(6),
          msteams: z.strictObject({ width: z.literal('Full') }),
        }),
      }),
    ]),
  })
  .refine(limitedBytes(28_000));

export const discordShape = z
  .strictObject({
    content: text(2_000),
    embeds: z
      .array(
        z.strictObject({
          title: text(256),
          description: text(4_096),
          color: z.int().min(0).max(0xffffff),
          fields: z
            .array(z.strictObject({ name: text(256), value: text(1_024), inline: z.boolean() }))
            .max(25),
          footer: z.strictObject({ text: text(2_048) }).optional(),
        }),
      )
      .length(1),
    allowed_mentions: z.strictObject({ parse: z.tuple([]) }),
  })
  .refine(({ embeds: [embed] }) => embed === undefined || countText(embed) <= 6_000);

function countText(embed: {
  title: string;
  description: string;
  fields: readonly { name: string; value: string }[];
  footer?: { text: string } | undefined;
}): number {
  const fields = embed.fields.flatMap(({ name, value }) => [name, value]);
  return [embed.title, embed.description, embed.footer?.text ?? '', ...fields].join('').length;
}
