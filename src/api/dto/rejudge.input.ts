import { InputType } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { Property } from './property.js';
import { IsTime, timeOf } from './time.property.js';

@InputType('RejudgeInput')
@ApiSchema({ name: 'RejudgeInput' })
export class RejudgeInput {
  /** See `validation.pipe.ts`. */
  static readonly mayBeLeftOut = true;

  @Property(Date, {
    description:
      'Judge what the target had at this time by the advisories of today, and change nothing; left out: judge what it has now, and open and close findings.',
    example: '2026-03-01T00:00:00Z',
    optional: true,
    nullable: true,
  })
  @Transform(timeOf)
  @IsOptional()
  @IsTime()
  inventoryAt?: Date | null;
}
