import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../model/error.js';
import { expectedError, problemOf } from './problem.js';

describe('problemOf', () => {
  it('has every member that RFC 9457 and the contract name', () => {
    expect(problemOf(new PlimsollError('malformed_json', 'No JSON.'))).toEqual({
      type: 'urn:plimsoll:error:malformed_json',
      title: 'Malformed JSON',
      status: 400,
      code: 'malformed_json',
      detail: 'No JSON.',
    });
  });

  it('names the fields', () => {
    const errors = [{ path: 'a.b', message: 'expected c' }];
    expect(problemOf(new PlimsollError('invalid_request', 'No.', { errors }))).toMatchObject({ status: 400, errors });
  });
});

describe('expectedError', () => {
  const fastify = (code: string) => Object.assign(new Error('fastify says'), { code, statusCode: 400 });

  it.each([
    [new PlimsollError('conflict', 'x'), 'conflict'],
    [fastify('FST_ERR_CTP_INVALID_JSON_BODY'), 'malformed_json'],
    [new HttpException('x', 413, { cause: fastify('FST_ERR_CTP_BODY_TOO_LARGE') }), 'payload_too_large'],
    [fastify('FST_ERR_CTP_INVALID_MEDIA_TYPE'), 'unsupported_media_type'],
    [new NotFoundException('Cannot GET /x'), 'not_found'],
    [new BadRequestException('x'), 'invalid_request'],
    [new HttpException('x', 502), undefined],
    [new Error('secret'), undefined],
    ['a string', undefined],
    [null, undefined],
  ])('%s is %s', (thrown, code) => {
    expect(expectedError(thrown)?.code).toBe(code);
  });
});
