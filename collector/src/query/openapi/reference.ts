import type { z } from 'zod';

export function refTo(shape: string): string {
  return `#/components/schemas/${shape}`;
}

/** Without what only a document of its own needs. */
export function bare(schema: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  const { $schema: _, $id: _id, '~standard': _standard, ...rest } = schema;
  return rest;
}
