import { expect, test } from 'vitest';
import { ApiFailure } from '../../api.ts';
import { noProblems } from './field-problems.ts';
import { placeFailure } from './rule-failure.ts';

const refuse = (message: string, code: 'invalid_request' | 'invalid_filter' = 'invalid_request') =>
  new ApiFailure(message, { code, status: 400, url: '/api/alerts/rules' });
const nothing = { filter: null, problems: noProblems, elsewhere: '' };

test('without a failure nothing is said', () => {
  expect(placeFailure(null, null)).toEqual(nothing);
});

test('what a field shows is said there, the rest above them all', () => {
  expect(placeFailure(refuse('Something else. window: choose one.'), null)).toEqual({
    filter: null,
    problems: { fields: new Map([['window', 'Choose one.']]), other: 'Something else.' },
    elsewhere: 'Something else.',
  });
});

test('a filter that cannot be read is said at the filter alone', () => {
  const failure = refuse('Close the bracket.', 'invalid_filter');
  expect(placeFailure(failure, null)).toEqual({ ...nothing, filter: failure });
});

test('what saving was refused for counts more than why it could not be tried', () => {
  const placed = placeFailure(refuse('for: choose one.'), refuse('window: choose one.'));
  expect([...placed.problems.fields.keys()]).toEqual(['for']);
});

test('why it could not be tried is said at its fields, and left to the preview otherwise', () => {
  expect(placeFailure(null, refuse('Odd. window: choose one.')).elsewhere).toBe('');
  expect(placeFailure(null, new Error('The server is away.'))).toEqual(nothing);
  expect(placeFailure(new Error('The server is away.'), null).elsewhere).toBe(
    'The server is away.',
  );
});
