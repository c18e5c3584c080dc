import type { Hono } from 'hono';
import { ApiFailure } from './api-failure.ts';

/** After the routes: whatever reaches one of their paths and was not answered is a wrong method. */
export function refuseOtherMethods(app: Hono): void {
  const methods = Map.groupBy(app.routes, ({ path }) => path);
  for (const [path, routes] of methods) {
    const allowed = new Set(routes.map(({ method }) => method).filter((name) => name !== 'ALL'));
    const names = [...allowed];
    app.all(path, (c) => {
      c.header('Allow', [...names, ...(allowed.has('GET') ? ['HEAD'] : [])].join(', '));
      throw new ApiFailure(
        'method_not_allowed',
        `Use ${names.join(' or ')}; ${c.req.method} is not answered here.`,
      );
    });
  }
}
