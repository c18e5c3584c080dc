/** What the document says of the server itself. */
import type { CoreShape } from './core-shapes.ts';
import type { Job, Read } from './endpoint.ts';

export const projectReads: readonly Read<CoreShape>[] = [
  { path: '/projects', summary: 'Projects that have spans', query: null, answer: 'ProjectList' },
  { path: '/info', summary: 'The server about itself', query: null, answer: 'ServerInfo' },
];

export const serverReads: readonly Read<CoreShape | 'any JSON'>[] = [
  {
    path: '/ingest',
    summary: 'What arrives, from whom, what was refused and why, and how far behind queries are',
    query: null,
    answer: 'IngestHealth',
  },
  { path: '/openapi.json', summary: 'This document', query: null, answer: 'any JSON' },
];

export const remapJobs: readonly Job<CoreShape>[] = [
  {
    path: '/remap',
    summary: 'Maps stored spans again with the tables of this version, and tells how far it is',
    body: 'RemapRequest',
    line: 'RemapLine',
  },
];
