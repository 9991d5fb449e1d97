import { applyDecorators, type Type } from '@nestjs/common';
import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { ApiProperty, type ApiPropertyOptions, ApiSchema } from '@nestjs/swagger';
import { Enumeration } from './enumeration.js';
import { JsonScalar } from './json.scalar.js';

/** `ID` is a UUID; a one-element array is a list of that type. */
type Single = Type<unknown> | typeof ID | typeof Int | typeof Float | typeof JsonScalar | Enumeration;
export type PropertyType = Single | [Single];

export interface PropertyOptions {
  description: string;
  example?: unknown;
  nullable?: boolean;
  /** Only for inputs: may be left out. What is answered is `null`, never missing. */
  optional?: boolean;
  /** JSON Schema keywords for OpenAPI alone, as `maxLength`. */
  schema?: Record<string, unknown>;
}

/** One declaration of a property for both APIs. */
export function Property(type: PropertyType, options: PropertyOptions): PropertyDecorator {
  const { description, example, nullable = false, optional = false, schema = {} } = options;
  const single = Array.isArray(type) ? type[0] : type;
  const graphql = single instanceof Enumeration ? single.graphql : single;
  return applyDecorators(
    Field(() => (Array.isArray(type) ? [graphql] : graphql), { description, nullable: nullable || optional }),
    ApiProperty({
      description,
      required: !optional,
      ...(nullable && { nullable }),
      ...(example !== undefined && { example }),
      ...(Array.isArray(type) && { isArray: true }),
      ...openApiType(single),
      ...schema,
    } as ApiPropertyOptions),
  );
}

/** One declaration of an answered object for both APIs. */
export function Shape(name: string, description: string): ClassDecorator {
  return applyDecorators(ObjectType(name, { description }), ApiSchema({ name, description }));
}

function openApiType(type: Single): object {
  if (type instanceof Enumeration) {
    return { enum: [...type.values], enumName: type.name, enumSchema: { description: type.description } };
  }
  switch (type) {
    case ID:
      return { type: 'string', format: 'uuid' };
    case Int:
      return { type: 'integer' };
    case Float:
      return { type: 'number' };
    case Date:
      return { type: 'string', format: 'date-time' };
    case JsonScalar:
      return { type: 'object', additionalProperties: true };
    case String:
      return { type: 'string' };
    case Boolean:
      return { type: 'boolean' };
    default:
      return { type };
  }
}
