/** What stands in the path of a route, and after it. */
import { z } from 'zod';
import { bare, refTo } from './reference.ts';

type Asked = { readonly path: string; readonly query: z.ZodObject | null };

export function toParameters({ path, query }: Asked): object[] {
  return [...toPathParameters(path), ...toQueryParameters(query)];
}

export function toPathParameters(path: string): object[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => {
    const place = { name, in: 'path', required: true };
    if (name === 'runId') {
      const description =
        'As a list of runs names it; percent-encoded, as it may hold any character.';
      return { ...place, description, schema: { type: 'string' } };
    }
    if (path.startsWith('/metrics/')) {
      return { ...place, description: 'Which number.', schema: { $ref: refTo('MetricName') } };
    }
    if (name !== 'traceId' && name !== 'spanId') {
      return { ...place, description: 'As its list names it.', schema: { type: 'string' } };
    }
    const length = name === 'traceId' ? 32 : 16;
    return {
      ...place,
      description: `${length} hexadecimal characters, in either case.`,
      schema: { type: 'string', pattern: `^[0-9a-fA-F]{${length}}$` },
    };
  });
}

function toQueryParameters(query: z.ZodObject | null): object[] {
  return Object.entries(query?.shape ?? {}).map(([name, zodSchema]) => {
    const { description, ...schema } = bare(z.toJSONSchema(zodSchema, { io: 'input' }));
    return { name, in: 'query', required: false, description, schema };
  });
}
