import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { FieldError } from '../../model/error.js';

@ApiSchema({ name: 'FieldError' })
class FieldErrorDto implements FieldError {
  @ApiProperty({ description: 'Dotted.', example: 'target.reference' })
  path: string;

  @ApiProperty({ description: 'What was expected.' })
  message: string;
}

@ApiSchema({ name: 'Problem', description: 'RFC 9457.' })
export class ProblemDto {
  @ApiProperty({ format: 'uri', example: 'urn:plimsoll:error:not_found' })
  type: string;

  @ApiProperty({ example: 'Not found' })
  title: string;

  @ApiProperty({ type: 'integer', example: 404 })
  status: number;

  @ApiProperty({ description: 'Stable; switch on this.', example: 'not_found' })
  code: string;

  @ApiProperty({ description: 'For people: what was expected, what came, what to do.' })
  detail: string;

  @ApiProperty({ type: [FieldErrorDto], required: false, description: 'The fields that were not accepted.' })
  errors?: readonly FieldErrorDto[];
}
