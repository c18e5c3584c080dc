/** The built dashboard as static files. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

const notBuilt =
  'The dashboard is not built. Run `npm start` in the repository, or `npm run build` and restart.';

export function createDashboardRoutes(directory: string | null): Hono {
  const routes = new Hono();
  if (directory === null) return routes.get('*', (c) => c.text(notBuilt, 503));
  // File names under assets/ carry a hash of their content.
  routes.use('/assets/*', async (c, next) => {
    await next();
    if (c.res.ok) c.res.headers.set('cache-control', 'public, max-age=31536000, immutable');
  });
  routes.get('/assets/*', serveStatic({ root: directory, precompressed: true }));
  routes.get('/assets/*', (c) => c.text('No such file.', 404));
  routes.use(async (c, next) => {
    await next();
    c.res.headers.set('cache-control', 'no-cache');
  });
  routes.get('*', serveStatic({ root: directory, precompressed: true }));
  // Every other path is a page of the dashboard, which reads the path itself.
  routes.get('*', serveStatic({ root: directory, path: 'index.html', precompressed: true }));
  return routes;
}

/** `dist/dashboard` of the package, or `dashboard/dist` of the repository; null when neither is built. */
export function findDashboard(): string | null {
  const candidates = ['./dashboard/', '../../dashboard/dist/'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return candidates.find((path) => existsSync(join(path, 'index.html'))) ?? null;
}
