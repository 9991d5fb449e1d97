import type { PipeTransform } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';

/** GraphQL's DateTime takes any text, and makes a date of it that is none. */
export class TimePipe implements PipeTransform<Date, Date> {
  transform(value: Date): Date {
    if (!Number.isNaN(value.getTime())) return value;
    throw new PlimsollError('invalid_request', 'Expected a time with its offset, as 2026-03-01T12:00:00Z.');
  }
}
