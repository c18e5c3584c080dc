/** What a room tells the document of its routes. `Shape` = names of what its answers are made of. */
import type { z } from 'zod';

type Described = { readonly path: string; readonly summary: string };
type Asked = Described & { readonly query: z.ZodObject | null };

export type Read<Shape extends string> = Asked & { readonly answer: Shape };

/** Something is sent: what takes the place of what was set, or what is to be done. */
export type Sent<Shape extends string> = Described & {
  readonly body: Shape;
  readonly answer: Shape;
};

/** What is sent, and what each line of the answer is. */
export type Job<Shape extends string> = Described & {
  readonly body: Shape;
  readonly line: Shape;
};

export type Removal = Asked;

/** Answers that are saved as files, by their type: a list of a shape; null = no JSON. */
export type FileRead<Shape extends string> = Asked & {
  readonly contents: Readonly<Record<string, Shape | null>>;
};

/** A file that is sent. */
export type CsvPost<Shape extends string> = Asked & { readonly answer: Shape };
