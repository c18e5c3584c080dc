import { failures } from '../../collector/src/query/api-failure.ts';
import { toOpenApi } from '../../collector/src/query/openapi.ts';
import { readDocComments, readFileComment } from './doc-comments.ts';
import { toTypeText, type CommentOf, type JsonSchema } from './json-schema.ts';
import { code, toPage, toTable } from './markdown.ts';

type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description?: string;
  readonly schema: JsonSchema;
};
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;
type Operation = {
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  /** Without 200 there is nothing but a status. */
  readonly responses: { readonly 200?: { readonly content: Content } };
};
type OpenApi = {
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
};

/** The routes as `/api/openapi.json` lists them; what fields mean, from the comments of the contract. */
export function toApiPage(contractSource: string): string {
  const document = toOpenApi('') as OpenApi;
  const [{ url }] = document.servers;
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      describeRoute(`${method.toUpperCase()} ${url}${path}`, operation),
    ),
  );
  const comments = readDocComments(contractSource);
  const shapes = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
    describeShape(name, schema, comments),
  );
  const link =
    '`/api/openapi.json` and [collector/src/contract.ts](../../collector/src/contract.ts)';
  return toPage('Query API', link, [
    // How numbers, times and unknowns are written; what comes before is for those who edit the file.
    readFileComment(contractSource).split('\n\n').at(-1) ?? '',
    '',
    'With `ORCHESCOPE_ACCESS_KEY` set, send `Authorization: Bearer <key>`.',
    '',
    ...routes,
    ...describeErrors(),
    '## Shapes',
    '',
    ...shapes,
  ]);
}

function describeRoute(title: string, operation: Operation): readonly string[] {
  const rows = operation.parameters.map((parameter) => [
    code(parameter.name),
    parameter.in,
    parameter.in === 'path' ? 'required' : toDefault(parameter.schema.default),
    [parameter.description, describeBounds(parameter.schema)].filter(Boolean).join(' '),
  ]);
  const head = ['Parameter', 'In', 'Default', 'Meaning'];
  const table = rows.length === 0 ? [] : [...toTable(head, rows), ''];
  return [
    `## ${title}`,
    '',
    `${operation.summary}.`,
    '',
    ...table,
    ...(operation.requestBody === undefined
      ? []
      : [`Send ${describeContent(operation.requestBody.content)}.`, '']),
    operation.responses[200] === undefined
      ? 'Answers 204, without a body.'
      : `Answers ${describeContent(operation.responses[200].content)}.`,
    '',
  ];
}

function toDefault(value: unknown): string {
  if (value === undefined) return 'none';
  return value === '' ? 'empty' : code(String(value));
}

function describeBounds({ enum: values, minimum, maximum, maxLength }: JsonSchema): string {
  if (values !== undefined)
    return `One of ${values.map((value) => code(String(value))).join(', ')}.`;
  if (minimum !== undefined && maximum !== undefined) return `From ${minimum} to ${maximum}.`;
  return maxLength === undefined ? '' : `At most ${maxLength} characters.`;
}

function describeContent(content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const shape = schema.$ref === undefined ? '' : toTypeText(schema, '', () => '');
      return shape === '' ? code(type) : `[${shape}](#${shape.toLowerCase()}) as ${code(type)}`;
    })
    .join(' or ');
}

function describeErrors(): readonly string[] {
  const rows = Object.entries(failures).map(([name, { status, meaning }]) => [
    code(name),
    String(status),
    meaning,
  ]);
  return [
    '## Errors',
    '',
    'Anything else carries an [ApiError](#apierror): a stable word to branch on, and a sentence that says what to change.',
    '',
    ...toTable(['Code', 'Status', 'Meaning'], rows),
    '',
  ];
}

function describeShape(
  name: string,
  schema: JsonSchema,
  comments: ReadonlyMap<string, string>,
): readonly string[] {
  const inContract = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const commentOf: CommentOf = (path) => comments.get(path) ?? '';
  const comment = commentOf(inContract);
  return [
    `### ${name}`,
    '',
    ...(comment === '' ? [] : [comment, '']),
    '```ts',
    toTypeText(schema, inContract, commentOf),
    '```',
    '',
  ];
}
