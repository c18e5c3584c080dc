import type { Hono } from 'hono';
import type { ProjectList, ServerInfo } from '../contract.ts';
import { readProjects } from '../store/read-projects.ts';
import type { Reader } from '../store/read-rows.ts';
import { toReader } from './reader.ts';

export function addProjectRoutes(app: Hono, store: Reader, info: ServerInfo): void {
  app.get('/projects', async (c) => {
    const projects = await readProjects(toReader(store, c));
    return c.json({ projects } satisfies ProjectList);
  });
  app.get('/info', (c) => c.json(info));
}
