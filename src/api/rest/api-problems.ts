import { applyDecorators } from '@nestjs/common';
import { ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { ErrorCode } from '../../model/error.js';
import { ProblemDto } from '../dto/problem.dto.js';
import { STATUS_OF } from '../problem.js';

/** Documents the errors of a route, by status; every route that takes a token can also answer the first of these. */
export function ApiProblems(...codes: ErrorCode[]): MethodDecorator {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of ['unauthenticated', ...codes, 'internal_error', 'unavailable'] as const) {
    byStatus.set(STATUS_OF[code], [...(byStatus.get(STATUS_OF[code]) ?? []), code]);
  }
  const responses = [...byStatus].map(([status, names]) =>
    ApiResponse({
      status,
      description: names.map((name) => `\`${name}\``).join(', '),
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    }),
  );
  return applyDecorators(...responses);
}
