import { applyDecorators } from '@nestjs/common';
import { IsDate, MaxDate, MinDate } from 'class-validator';

/** RFC 3339; a plain day is its beginning in UTC. */
const TIME = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?$/;

/** For `IsTime`, which refuses what is none. */
export function timeOf({ value }: { value: unknown }): unknown {
  if (typeof value !== 'string') return value;
  const day = TIME.exec(value)?.[1];
  return day !== undefined && exists(day) ? new Date(value) : value;
}

/** Years that both JavaScript and PostgreSQL know without a sign. */
export function IsTime(): PropertyDecorator {
  const message = 'expected a time as 2026-03-01T00:00:00Z, or a day as 2026-03-01';
  return applyDecorators(
    IsDate({ message }),
    MinDate(new Date('1970-01-01T00:00:00Z'), { message }),
    MaxDate(new Date('9999-12-31T23:59:59Z'), { message }),
  );
}

/** JavaScript takes 30 February for 2 March. */
function exists(day: string): boolean {
  const time = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day);
}
