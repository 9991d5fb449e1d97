import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PlimsollError } from '../../model/error.js';

/** The header `Idempotency-Key`: null when there is none. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | null => {
  const value = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  return value === undefined ? null : checkIdempotencyKey(String(value));
});

/** @throws PlimsollError `invalid_request` */
export function checkIdempotencyKey(key: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const message = 'expected 1 to 255 visible ASCII characters';
  throw new PlimsollError('invalid_request', `The idempotency key was not accepted: ${message}.`, {
    errors: [{ path: 'Idempotency-Key', message }],
  });
}
