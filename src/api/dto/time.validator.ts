import { isISO8601, isRFC3339, ValidateBy } from 'class-validator';

/** RFC 3339 §5.6: a date that there is, a time, and its offset. */
export function IsTime(): PropertyDecorator {
  return ValidateBy({
    name: 'isTime',
    validator: {
      validate: isTime,
      defaultMessage: () => 'expected a time with its offset, as 2026-03-01T12:00:00Z',
    },
  });
}

export function isTime(value: unknown): boolean {
  return (
    isISO8601(value, { strict: true, strictSeparator: true }) &&
    isRFC3339(value) &&
    !Number.isNaN(Date.parse(value as string))
  );
}
