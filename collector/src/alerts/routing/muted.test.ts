import { describe, expect, test } from 'vitest';
import { muteTiming } from '../../contract.ts';
import { checkTimeZone, isMuted } from './muted.ts';

type Interval = Readonly<Record<string, unknown>>;

const mutes = (timeZone: string, interval: Interval, at: string): boolean =>
  isMuted(muteTiming.parse({ name: 'quiet', timeZone, intervals: [interval] }), Date.parse(at));

const night = { from: '22:00', to: '06:00' };
const fridayNight = { ...night, weekdays: ['fri'] };

describe('a time of day', () => {
  test.each<[string, string, Interval, string, boolean]>([
    [
      'is held at its first minute',
      'UTC',
      { from: '09:00', to: '17:00' },
      '2026-01-05T09:00:00Z',
      true,
    ],
    ['is over at its last', 'UTC', { from: '09:00', to: '17:00' }, '2026-01-05T17:00:00Z', false],
    [
      'holds until the very end of its last minute',
      'UTC',
      { from: '09:00', to: '17:00' },
      '2026-01-05T16:59:59.999Z',
      true,
    ],
    ['given by nothing is all day', 'UTC', {}, '2026-01-05T23:59:59Z', true],
    ['over midnight holds before it', 'UTC', night, '2026-01-05T23:00:00Z', true],
    ['over midnight holds after it', 'UTC', night, '2026-01-05T05:59:00Z', true],
    ['over midnight does not hold at noon', 'UTC', night, '2026-01-05T12:00:00Z', false],
    [
      'from and to the same minute never holds',
      'UTC',
      { from: '10:00', to: '10:00' },
      '2026-01-05T10:00:00Z',
      false,
    ],
    [
      'is that of the zone: 08:30 in Kolkata',
      'Asia/Kolkata',
      { from: '08:30', to: '08:31' },
      '2026-01-05T03:00:00Z',
      true,
    ],
    [
      'is that of the zone: 08:45 in Nepal',
      'Asia/Kathmandu',
      { from: '08:45', to: '08:46' },
      '2026-01-05T03:00:00Z',
      true,
    ],
  ])('%s', (_, zone, interval, at, expected) => {
    expect(mutes(zone, interval, at)).toBe(expected);
  });
});

describe('a day', () => {
  test.each<[string, string, Interval, string, boolean]>([
    ['of the week', 'UTC', { weekdays: ['mon'] }, '2026-01-05T12:00:00Z', true],
    ['of the week, another one', 'UTC', { weekdays: ['mon'] }, '2026-01-06T12:00:00Z', false],
    [
      'is that of the zone: Monday already in Auckland',
      'Pacific/Auckland',
      { weekdays: ['mon'] },
      '2026-01-04T12:00:00Z',
      true,
    ],
    [
      'is that of the zone: Sunday still in Los Angeles',
      'America/Los_Angeles',
      { weekdays: ['sun'] },
      '2026-01-05T07:59:00Z',
      true,
    ],
    [
      'goes on after midnight: Saturday 03:00 is Friday night',
      'UTC',
      fridayNight,
      '2026-01-10T03:00:00Z',
      true,
    ],
    [
      'does not begin before it: Friday 03:00 is Thursday night',
      'UTC',
      fridayNight,
      '2026-01-09T03:00:00Z',
      false,
    ],
    ['of the month', 'UTC', { days: [1, 15] }, '2026-01-15T00:00:00Z', true],
    ['-1 is the last of a month of 31', 'UTC', { days: [-1] }, '2026-01-31T12:00:00Z', true],
    ['-1 is not the last but one', 'UTC', { days: [-1] }, '2026-01-30T12:00:00Z', false],
    ['-1 is the 28th of February', 'UTC', { days: [-1] }, '2026-02-28T12:00:00Z', true],
    ['-1 is the 29th of it in a leap year', 'UTC', { days: [-1] }, '2028-02-29T12:00:00Z', true],
    ['-1 is not the 28th in a leap year', 'UTC', { days: [-1] }, '2028-02-28T12:00:00Z', false],
    ['31 is never in April', 'UTC', { days: [31] }, '2026-04-30T12:00:00Z', false],
    ['of a month', 'UTC', { months: [12] }, '2026-12-31T23:59:00Z', true],
    [
      'of the month before, over the turn of the year',
      'UTC',
      { ...night, months: [12], days: [-1] },
      '2027-01-01T05:00:00Z',
      true,
    ],
    [
      'must be of the week and of the month',
      'UTC',
      { weekdays: ['mon'], days: [6] },
      '2026-01-05T12:00:00Z',
      false,
    ],
  ])('%s', (_, zone, interval, at, expected) => {
    expect(mutes(zone, interval, at)).toBe(expected);
  });
});

describe('when clocks are changed', () => {
  const office = { from: '09:00', to: '17:00' };
  const skipped = { from: '02:00', to: '03:00' };
  test.each<[string, string, Interval, string, boolean]>([
    ['Berlin in winter: 09:00 is 08:00 UTC', 'Europe/Berlin', office, '2026-03-28T08:00:00Z', true],
    [
      'Berlin on the day of summer time: 09:00 is 07:00 UTC',
      'Europe/Berlin',
      office,
      '2026-03-29T07:00:00Z',
      true,
    ],
    [
      'Berlin the day before: 07:00 UTC is too early',
      'Europe/Berlin',
      office,
      '2026-03-28T07:00:00Z',
      false,
    ],
    [
      'the hour that is left out: before it',
      'Europe/Berlin',
      skipped,
      '2026-03-29T00:59:59Z',
      false,
    ],
    [
      'the hour that is left out: after it',
      'Europe/Berlin',
      skipped,
      '2026-03-29T01:00:00Z',
      false,
    ],
    [
      'the hour that comes twice: the first time',
      'Europe/Berlin',
      skipped,
      '2026-10-25T00:30:00Z',
      true,
    ],
    [
      'the hour that comes twice: the second time',
      'Europe/Berlin',
      skipped,
      '2026-10-25T01:30:00Z',
      true,
    ],
    [
      'the hour that comes twice: afterwards',
      'Europe/Berlin',
      skipped,
      '2026-10-25T02:00:00Z',
      false,
    ],
    [
      'New York in spring: 09:00 is 13:00 UTC',
      'America/New_York',
      office,
      '2026-03-08T13:00:00Z',
      true,
    ],
    [
      'New York in autumn: 09:00 is 14:00 UTC',
      'America/New_York',
      office,
      '2026-11-01T13:59:00Z',
      false,
    ],
    [
      'Lord Howe goes half an hour: 01:45 twice',
      'Australia/Lord_Howe',
      { from: '01:30', to: '02:00' },
      '2026-04-04T15:15:00Z',
      true,
    ],
    [
      'a night that is an hour longer ends by the clock on the wall',
      'Europe/Berlin',
      night,
      '2026-10-25T04:59:00Z',
      true,
    ],
    ['and not before', 'Europe/Berlin', night, '2026-10-25T05:00:00Z', false],
    [
      'the day before a day of 23 hours is the day before',
      'Europe/Berlin',
      { ...night, weekdays: ['sat'] },
      '2026-03-29T03:59:00Z',
      true,
    ],
    [
      'Apia left out the 30th of December 2011',
      'Pacific/Apia',
      { days: [30] },
      '2011-12-30T10:00:00Z',
      false,
    ],
  ])('%s', (_, zone, interval, at, expected) => {
    expect(mutes(zone, interval, at)).toBe(expected);
  });
});

test('any of the intervals is enough', () => {
  const intervals = [{ weekdays: ['sat'] }, { weekdays: ['sun'] }];
  const weekend = muteTiming.parse({ name: 'weekend', intervals });
  expect(isMuted(weekend, Date.parse('2026-01-04T12:00:00Z'))).toBe(true);
  expect(isMuted(weekend, Date.parse('2026-01-05T12:00:00Z'))).toBe(false);
});

test('a zone that does not exist is told so in a sentence, and mutes nothing', () => {
  expect(checkTimeZone('Europe/Atlantis')).toBe(
    'There is no time zone "Europe/Atlantis". Write the name of one such as Europe/Berlin, America/New_York or UTC.',
  );
  expect(mutes('Europe/Atlantis', {}, '2026-01-05T12:00:00Z')).toBe(false);
});

test.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires'])(
  '%s is a zone',
  (zone) => {
    expect(checkTimeZone(zone)).toBeNull();
  },
);
