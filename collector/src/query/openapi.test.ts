import { expect, test } from 'vitest';
import { createLiveFeed } from './live-feed.ts';
import { toOpenApi } from './openapi.ts';
import { createQueryRoutes } from './routes.ts';
import { startTestStore } from '../store/testing.ts';

test('every route is in the document, and every GET and PUT of the document is a route', async () => {
  const opened = await startTestStore();
  const app = createQueryRoutes({
    store: opened.store,
    live: createLiveFeed(),
    info: { version: '1', engine: 'embedded', authentication: false },
    readIngestHealth: () => Promise.reject(new Error('not asked for here')),
  });
  const response = await app.request('/openapi.json');
  const document = (await response.json()) as { paths: Record<string, object> };
  for (const method of ['GET', 'PUT']) {
    const routes = app.routes
      .filter((route) => route.method === method)
      .map((route) => route.path.replaceAll(/:(\w+)/g, '{$1}'));
    // Routes of alerts, budgets and prices are other rooms', and are held against the document there.
    const told = Object.entries(document.paths)
      .filter(([path]) => !/^\/(alerts|budgets|prices|reprice)\b/.test(path))
      .filter(([path]) => !/^\/cost\/(export|reconciliations)$/.test(path))
      .filter(([, operations]) => method.toLowerCase() in operations)
      .map(([path]) => path);
    expect(told.toSorted()).toEqual([...new Set(routes)].toSorted());
  }
  await opened.close();
});

test('parameters and answers are described', () => {
  const text = JSON.stringify(toOpenApi('1'));
  expect(text).toContain('"name":"q","in":"query","required":false');
  expect(text).toContain('"newestTraceAt"');
  expect(text).toContain('"#/components/schemas/ApiError"');
});

test('every reference of the document leads to a shape it holds', () => {
  const document = toOpenApi('1') as { components: { schemas: Record<string, unknown> } };
  const references = [
    ...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g),
  ];
  const names = new Set(references.map(([, name]) => name ?? ''));
  expect(names.size).toBeGreaterThan(10);
  for (const name of names) expect(document.components.schemas).toHaveProperty(name);
});
