import type { PipeTransform } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import { isPlainText } from './dto/plain-text.validator.js';

/** Characters of the longest id that a feed has, and more. */
const MAX_LENGTH = 128;

/** What no record could have as its id names nothing. */
export class AdvisoryIdPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (isPlainText(value, MAX_LENGTH) && value.trim() !== '') return value;
    throw new PlimsollError(
      'advisory_not_found',
      `Expected the id of an advisory, as CVE-2021-23337: 1 to ${MAX_LENGTH} characters without control characters.`,
    );
  }
}
