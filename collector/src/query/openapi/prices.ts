/** What the document says of prices, and of pricing history again. */
import * as contract from '../../contract.ts';
import type { Job, Read, Sent } from './endpoint.ts';

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

export const priceReads: readonly Read<Shape>[] = [
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

export const priceChanges: readonly Sent<Shape>[] = [
  {
    path: '/prices',
    summary:
      'Takes the place of all prices that the project sets; what makes a model free has to be confirmed',
    body: 'PriceChange',
    answer: 'PriceTable',
  },
];

export const priceJobs: readonly Job<Shape>[] = [
  {
    path: '/reprice',
    summary:
      'Prices stored calls again by the prices of today for the time they were made, and tells the difference',
    body: 'RepriceRequest',
    line: 'RepriceLine',
  },
];
