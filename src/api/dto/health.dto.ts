import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Liveness' })
export class LivenessDto {
  @ApiProperty({ type: String, enum: ['ok'] })
  status: 'ok';
}

@ApiSchema({ name: 'Readiness' })
export class ReadinessDto {
  @ApiProperty({ description: 'Whether the service can do its work.' })
  ready: boolean;

  @ApiProperty({
    description: '`ok`, or what is wrong, by part.',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { database: 'ok', queue: 'ok' },
  })
  checks: Record<string, string>;
}
