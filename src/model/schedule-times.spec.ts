import { describe, expect, it } from 'vitest';
import { checkCron, checkTimeZone, jitterOf, nextRun, nominalTimes, type Recurrence } from './schedule-times.js';

const times = (expression: string, timeZone: string, after: string, count: number) =>
  nominalTimes({ kind: 'cron', expression, timeZone }, new Date(after), count).map((time) =>
    time.toISOString().slice(0, 16),
  );

describe('where clocks change', () => {
  it.each([
    [
      'a time that is left out runs an hour later',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:30', '2026-03-30T00:30'],
    ],
    [
      'a time that comes twice runs at the first',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'every hour is an hour apart in autumn',
      '30 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:00Z',
      ['2026-10-24T23:30', '2026-10-25T00:30', '2026-10-25T01:30', '2026-10-25T02:30'],
    ],
    [
      'every hour is an hour apart in spring',
      '30 * * * *',
      'Europe/Berlin',
      '2026-03-28T23:45Z',
      ['2026-03-29T00:30', '2026-03-29T01:30', '2026-03-29T02:30'],
    ],
    ['spring', '30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', ['2026-03-08T07:30', '2026-03-09T06:30']],
    ['autumn', '30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
    [
      'half an hour that is left out',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00Z',
      ['2026-10-03T15:45', '2026-10-04T15:15'],
    ],
    [
      'half an hour that comes twice',
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-04T00:00Z',
      ['2026-04-04T14:45', '2026-04-05T15:15'],
    ],
    [
      'every quarter of an hour',
      '*/15 * * * *',
      'Australia/Lord_Howe',
      '2026-04-04T14:30Z',
      ['2026-04-04T14:45', '2026-04-04T15:00', '2026-04-04T15:15', '2026-04-04T15:30'],
    ],
  ])('%s: %s in %s', (_what, expression, zone, after, expected) => {
    expect(times(expression, zone, after, expected.length)).toEqual(expected);
  });

  it('a run at the first of two equal times is not followed by one at the second', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30Z', 1)).toEqual(['2026-10-26T01:30']);
  });
});

describe('an interval', () => {
  const anchor = new Date('2026-01-01T00:00:00Z');
  const hourly: Recurrence = { kind: 'interval', seconds: 3_600, anchor };

  it('is counted from its beginning, however late a run was', () => {
    expect(nominalTimes(hourly, new Date('2026-01-01T05:59:59Z'), 2)).toEqual([
      new Date('2026-01-01T06:00:00Z'),
      new Date('2026-01-01T07:00:00Z'),
    ]);
  });

  it('that was missed for days has one next run, to come', () => {
    const now = new Date('2026-01-09T10:10:00Z');
    const planned = nextRun(hourly, { scheduleId: 'a', jitterSeconds: 0 }, anchor, now);
    expect(planned?.runAt).toEqual(new Date('2026-01-09T11:00:00Z'));
  });

  it('has a jitter that is the same for whoever draws it, and below its most', () => {
    const drawn = nominalTimes(hourly, anchor, 50).map((nominal) => jitterOf('a', nominal, 600));
    expect(drawn).toEqual(nominalTimes(hourly, anchor, 50).map((nominal) => jitterOf('a', nominal, 600)));
    expect(new Set(drawn).size).toBeGreaterThan(40);
    expect(drawn.every((ms) => ms >= 0 && ms < 600_000)).toBe(true);
  });

  it('runs each nominal time once, also where the jitter is as long as the interval', () => {
    let previous: Date | null = null;
    let now = anchor;
    const nominal: number[] = [];
    for (let i = 0; i < 100; i += 1) {
      const planned = nextRun(hourly, { scheduleId: 'b', jitterSeconds: 3_600 }, previous, now);
      if (planned === null) throw new Error('an interval does not end');
      expect(planned.runAt > now).toBe(true);
      nominal.push(planned.nominalAt.getTime());
      [previous, now] = [planned.nominalAt, planned.runAt];
    }
    expect(nominal).toEqual([...new Set(nominal)].sort((a, b) => a - b));
    expect((nominal.at(-1) ?? 0) - (nominal[0] ?? 0)).toBe(99 * 3_600_000);
  });
});

it.each(['', '* * * *', '* * * * * *', '60 * * * *', '0 0 30 2 *', 'H * * * *', 'x'.repeat(100)])(
  'refuses "%s" as a cron expression',
  (expression) => expect(() => checkCron(expression)).toThrow(/cron: expected/),
);

it.each(['30 2 * * MON-FRI', '*/5 0-6 1,15 * *', '@daily', '0 0 29 2 *'])('takes "%s"', (expression) => {
  expect(() => checkCron(expression)).not.toThrow();
});

it.each(['Mars/Olympus', '+02:00', '', 'x\0'])('refuses "%s" as a time zone', (zone) => {
  expect(() => checkTimeZone(zone)).toThrow(/timeZone: expected/);
});
