import { updatePrices, waitForUpdate } from '@pydantic/genai-prices';
import { expect, test } from 'vitest';
import { listedChanges } from './catalog.ts';

test('the days on which prices of the list begin are those of the installed list', async () => {
  // Nothing is fetched: without an update the package hands out what it brings.
  updatePrices(() => undefined);
  const providers = (await waitForUpdate()) ?? [];
  const days = providers.flatMap(({ models }) =>
    models.flatMap(({ prices }) =>
      Array.isArray(prices)
        ? prices.flatMap(({ constraint }) =>
            constraint?.type === 'start_date' ? [Date.parse(constraint.start_date)] : [],
          )
        : [],
    ),
  );
  expect(listedChanges).toEqual([...new Set(days)].toSorted((a, b) => a - b));
});
