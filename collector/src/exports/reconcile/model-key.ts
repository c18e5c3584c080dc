/** One name for what an invoice and a trace call the same model. */

/** What stands after a comma in a line of an invoice is a kind of tokens, not a model. */
const lineKind =
  /,? *(?:cached )?(?:input|output|cache (?:read|write)|batch|training|tokens?)\b.*$/;
const snapshot = /[-@](?:20\d\d-?[01]\d-?[0-3]\d|latest|preview-\d\d-\d\d)$/;
const deployment = /-v\d+(?::\d+)?$/;
/** Of routers and clouds: us.anthropic.claude, openai/gpt. */
const owner =
  /^(?:.*\/)?(?:(?:us|eu|apac|global)\.)?(?:(?:anthropic|amazon|meta|mistral|cohere|openai|google|deepseek)\.)?/;

export function toModelKey(name: string): string {
  const plain =
    name
      .trim()
      .toLowerCase()
      .replace(/^models\//, '')
      .split(', ')[0] ?? '';
  const bare = plain
    .replace(lineKind, '')
    .replaceAll(/[\s_]+/g, '-')
    .replace(owner, '');
  const key = bare.replace(deployment, '').replace(snapshot, '');
  // Anthropic writes 3.5 where its models say 3-5.
  const told = key.startsWith('claude') ? key.replaceAll('.', '-') : key;
  return told === '' ? 'unknown' : told;
}
