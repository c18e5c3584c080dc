/** The part of JSON Schema that zod writes for our contract. */
export type JsonSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
};

/** What stands above a property; empty = nothing. */
export type CommentOf = (path: string) => string;

/** A schema in TypeScript's notation. `path` is where it stands, for `commentOf`. */
export function toTypeText(schema: JsonSchema, path: string, commentOf: CommentOf): string {
  const inner = (each: JsonSchema): string => toTypeText(each, path, commentOf);
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.const !== undefined) return toLiteral(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(toLiteral).join(' | ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return union.map(inner).join(' | ');
  if (schema.items !== undefined) return toArrayText(inner(schema.items));
  if (schema.properties !== undefined) return toObjectText(schema, path, commentOf);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['unknown']);
  return types.map((type) => (type === 'integer' ? 'number' : type)).join(' | ');
}

function toArrayText(item: string): string {
  return / \| /.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
}

function toObjectText(schema: JsonSchema, path: string, commentOf: CommentOf): string {
  const required = new Set(schema.required);
  const lines: string[] = [];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const inner = `${path}.${name}`;
    const comment = commentOf(inner);
    if (comment !== '') lines.push(`/** ${comment} */`);
    const mark = required.has(name) ? '' : '?';
    lines.push(...`${name}${mark}: ${toTypeText(property, inner, commentOf)};`.split('\n'));
  }
  return ['{', ...lines.map((line) => `  ${line}`), '}'].join('\n');
}

function toLiteral(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
