import { afterAll, beforeAll, expect, test } from 'vitest';
import { toOpenApi } from '../../query/openapi.ts';
import { startAlertApi, type AlertApi } from './api.testing.ts';

let api: AlertApi;
beforeAll(async () => {
  api = await startAlertApi();
});
afterAll(() => api.close());

test.each(['GET', 'PUT', 'POST', 'DELETE'])(
  'every %s is in the document, and the other way round',
  (method) => {
    const { paths } = toOpenApi('1') as { paths: Record<string, object> };
    const told = Object.entries(paths)
      .filter(
        ([path, operations]) => path.startsWith('/alerts/') && method.toLowerCase() in operations,
      )
      .map(([path]) => path);
    const routes = api.app.routes
      .filter((route) => route.method === method)
      .map((route) => route.path.replaceAll(/:(\w+)/g, '{$1}'));
    expect(told.toSorted()).toEqual([...new Set(routes)].toSorted());
  },
);
