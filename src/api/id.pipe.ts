import type { PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { PlimsollError } from '../model/error.js';

/** What is no UUID names nothing, as an unknown one. */
export class IdPipe implements PipeTransform<unknown, string> {
  constructor(private readonly noun: 'scan' | 'finding' | 'target' | 'registry' | 'schedule' | 'VEX document') {}

  transform(value: unknown): string {
    if (isUUID(value)) return String(value).toLowerCase();
    throw new PlimsollError('not_found', `There is no ${this.noun} with the id "${String(value).slice(0, 100)}".`);
  }
}
