/** What the document says of prices, and of pricing history again. */
import type { z } from 'zod';
import * as contract from '../contract.ts';

export const priceShapes = {
  ModelDifference: contract.modelDifference,
  PriceChange: contract.priceChange,
  PriceDifference: contract.priceDifference,
  PricedModel: contract.pricedModel,
  PriceOverride: contract.priceOverride,
  PriceTable: contract.priceTable,
  RepriceLine: contract.repriceLine,
  RepriceRequest: contract.repriceRequest,
  Repricing: contract.repricing,
  RepricingList: contract.repricingList,
  TokenPrices: contract.tokenPrices,
};
type Shape = keyof typeof priceShapes;

type Described = { readonly path: string; readonly summary: string };
type Read = Described & { readonly query: z.ZodObject; readonly answer: Shape };
type Sent = Described & { readonly body: Shape; readonly answer: Shape };
type Job = Described & { readonly body: Shape; readonly line: Shape };

export const priceReads: readonly Read[] = [
  {
    path: '/prices',
    summary:
      'Models that were used, by which price, those without one first; and what the project sets',
    query: contract.priceQuery,
    answer: 'PriceTable',
  },
  {
    path: '/reprice',
    summary: 'Who priced history again, when, and what that changed',
    query: contract.alertProjectQuery,
    answer: 'RepricingList',
  },
];

export const priceChanges: readonly Sent[] = [
  {
    path: '/prices',
    summary:
      'Takes the place of all prices that the project sets; what makes a model free has to be confirmed',
    body: 'PriceChange',
    answer: 'PriceTable',
  },
];

export const priceJobs: readonly Job[] = [
  {
    path: '/reprice',
    summary:
      'Prices stored calls again by the prices of today for the time they were made, and tells the difference',
    body: 'RepriceRequest',
    line: 'RepriceLine',
  },
];
