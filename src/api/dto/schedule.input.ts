import { InputType, Int } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsObject, IsOptional, IsUUID, Max, Min, ValidateNested } from 'class-validator';
import { ScanOptionsInput } from './create-scan.input.js';
import { JsonScalar } from './json.scalar.js';
import { IsPlainText, IsTextMap } from './plain-text.validator.js';
import { Property } from './property.js';

const INTERVAL = { minimum: 60, maximum: 31_622_400 };
const JITTER = { minimum: 0, maximum: 86_400 };
const optional = { nullable: true, optional: true };

@InputType({ isAbstract: true })
class ScheduleSettingsInput {
  @Property(String, {
    ...optional,
    description:
      'Minute, hour, day, month, weekday. Instead of `intervalSeconds`. Where clocks change, a fixed hour that is left out runs as much later, one that comes twice runs once.',
    example: '30 2 * * MON-FRI',
    schema: { minLength: 1, maxLength: 255 },
  })
  @IsOptional()
  @IsPlainText(255)
  cron?: string | null;

  @Property(Int, { ...optional, description: 'Instead of `cron`.', schema: INTERVAL })
  @IsOptional()
  @IsInt({ message: `expected a whole number from ${INTERVAL.minimum} to ${INTERVAL.maximum}` })
  @Min(INTERVAL.minimum, { message: `expected ${INTERVAL.minimum} or more` })
  @Max(INTERVAL.maximum, { message: `expected at most ${INTERVAL.maximum}` })
  intervalSeconds?: number | null;

  @Property(String, {
    ...optional,
    description: 'Of the IANA database; whose clock `cron` means.',
    example: 'Europe/Berlin',
    schema: { default: 'UTC', minLength: 1, maxLength: 64 },
  })
  @IsOptional()
  @IsPlainText(64)
  timeZone?: string | null;

  @Property(Int, {
    ...optional,
    description: 'Each run is later by up to this, so that not all begin at once.',
    schema: { ...JITTER, default: 0 },
  })
  @IsOptional()
  @IsInt({ message: `expected a whole number from 0 to ${JITTER.maximum}` })
  @Min(0, { message: 'expected 0 or more' })
  @Max(JITTER.maximum, { message: `expected at most ${JITTER.maximum}` })
  jitterSeconds?: number | null;

  @Property(String, {
    ...optional,
    description: 'What is scanned. One of this, `labels` and `repository`.',
    schema: { format: 'uuid' },
  })
  @IsOptional()
  @IsUUID(undefined, { message: 'expected a UUID' })
  targetId?: string | null;

  @Property(JsonScalar, {
    ...optional,
    description: 'Every target that has all of these is scanned.',
    example: { team: 'payments' },
    schema: { additionalProperties: { type: 'string', maxLength: 255 }, maxProperties: 64 },
  })
  @IsOptional()
  @IsTextMap(64, 63, 255)
  labels?: Record<string, string> | null;

  @Property(String, {
    ...optional,
    description: 'Whose tags are scanned, those that come later too.',
    example: 'registry.example/team/app',
    schema: { minLength: 1, maxLength: 511 },
  })
  @IsOptional()
  @IsPlainText(511)
  repository?: string | null;

  @Property(String, {
    ...optional,
    description: 'Which tags of the repository: * is any text, ? one character.',
    example: 'v1.*',
    schema: { default: '*', minLength: 1, maxLength: 128 },
  })
  @IsOptional()
  @IsPlainText(128)
  tagPattern?: string | null;

  @Property(ScanOptionsInput, { ...optional, description: 'How to read what is scanned.' })
  @IsOptional()
  @IsObject({ message: 'expected an object' })
  @ValidateNested()
  @Type(() => ScanOptionsInput)
  options?: ScanOptionsInput | null;

  @Property(Boolean, { ...optional, description: 'Whether it does not run by itself.', schema: { default: false } })
  @IsOptional()
  @IsBoolean({ message: 'expected true or false' })
  paused?: boolean | null;
}

@InputType('CreateScheduleInput')
@ApiSchema({ name: 'CreateScheduleInput' })
export class CreateScheduleInput extends ScheduleSettingsInput {
  @Property(String, {
    description: 'What people call it.',
    example: 'nightly',
    schema: { minLength: 1, maxLength: 255 },
  })
  @IsPlainText(255)
  name: string;
}

@InputType('UpdateScheduleInput', { description: 'What is left out stays; null takes the default.' })
@ApiSchema({ name: 'UpdateScheduleInput', description: 'What is left out stays; null takes the default.' })
export class UpdateScheduleInput extends ScheduleSettingsInput {
  @Property(String, { ...optional, description: 'What people call it.', schema: { minLength: 1, maxLength: 255 } })
  @IsOptional()
  @IsPlainText(255)
  name?: string | null;
}
