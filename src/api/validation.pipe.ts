import { type ArgumentMetadata, Injectable, type ValidationError, ValidationPipe } from '@nestjs/common';
import { type FieldError, PlimsollError } from '../model/error.js';

/** Deeper than any body or variable that this API takes. */
const MAX_DEPTH = 16;

/** Refuses what the DTOs do not say, naming every field. */
@Injectable()
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      stopAtFirstError: true,
      exceptionFactory: (errors) => invalidRequest(errors.flatMap((error) => fieldErrors(error, ''))),
    });
  }

  override async transform(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const value = given === undefined && mayBeLeftOut(metadata) ? {} : given;
    if (metadata.type === 'query') checkStructure(value);
    if (metadata.type === 'body') {
      checkStructure(value);
      // An array or a scalar where an object is meant would come through validation as it is.
      if (isDto(metadata) && (typeof value !== 'object' || value === null || Array.isArray(value))) {
        throw invalidRequest([{ path: '', message: 'expected a JSON object' }]);
      }
    }
    return super.transform(value, metadata);
  }
}

/** A body that nothing has to be in. */
function mayBeLeftOut({ type, metatype }: ArgumentMetadata): boolean {
  return type === 'body' && metatype !== undefined && 'mayBeLeftOut' in metatype;
}

function isDto({ metatype }: ArgumentMetadata): boolean {
  return metatype !== undefined && ![String, Number, Boolean, Array, Object].some((type) => type === metatype);
}

/** A key `constructor` would be dropped without a word, and a body of a million brackets would end in a stack overflow. */
function checkStructure(value: unknown): void {
  const pending = [{ value, path: '', depth: 0 }];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    if (typeof entry.value !== 'object' || entry.value === null) continue;
    if (entry.depth > MAX_DEPTH) {
      throw invalidRequest([{ path: '', message: `expected at most ${MAX_DEPTH} levels` }]);
    }
    for (const [key, child] of Object.entries(entry.value)) {
      const path = join(entry.path, key);
      if (key === 'constructor' || key === '__proto__')
        throw invalidRequest([{ path, message: 'not allowed as a key' }]);
      pending.push({ value: child, path, depth: entry.depth + 1 });
    }
  }
}

function invalidRequest(errors: FieldError[]): PlimsollError {
  const named = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new PlimsollError('invalid_request', `The request was not accepted: ${named}.`, { errors });
}

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const path = join(parent, error.property);
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    path,
    message: rule === 'whitelistValidation' ? 'unknown field' : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, path))];
}

function join(parent: string, key: string): string {
  return parent ? `${parent}.${key}` : key;
}
