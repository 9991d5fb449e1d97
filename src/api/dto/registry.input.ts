import { InputType } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { IsPlainText } from './plain-text.validator.js';
import { Property } from './property.js';

const MAX_MIRRORS = 20;
const MAX_PEM = 64 * 1024;

@InputType({ isAbstract: true })
class RegistrySettingsInput {
  @Property(String, {
    description: 'With `password`. Write-only.',
    nullable: true,
    optional: true,
    schema: { writeOnly: true, minLength: 1, maxLength: 255 },
  })
  @IsOptional()
  @IsPlainText(255)
  // RFC 7617 §2: a colon ends the user's name.
  @Matches(/^[^:]*$/, { message: 'expected a name without ":"' })
  username?: string | null;

  @Property(String, {
    description: 'With `username`. Write-only.',
    nullable: true,
    optional: true,
    schema: { writeOnly: true, format: 'password', minLength: 1, maxLength: 16384 },
  })
  @IsOptional()
  @IsPlainText(16_384)
  password?: string | null;

  @Property(String, {
    description:
      'Instead of a user: an identity token, for which the token service of the registry gives an access token. Write-only.',
    nullable: true,
    optional: true,
    schema: { writeOnly: true, format: 'password', minLength: 1, maxLength: 16384 },
  })
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,16384}$/, { message: 'expected 1 to 16384 visible ASCII characters' })
  token?: string | null;

  @Property([String], {
    description: 'As `host[:port]` or `host[:port]/path`. Each has its own entry where it needs credentials.',
    nullable: true,
    optional: true,
    example: ['mirror.example/hub'],
    schema: { maxItems: MAX_MIRRORS },
  })
  @IsOptional()
  @IsArray({ message: `expected a list of at most ${MAX_MIRRORS} mirrors` })
  @ArrayMaxSize(MAX_MIRRORS, { message: `expected at most ${MAX_MIRRORS} mirrors` })
  @IsString({ each: true, message: 'expected texts' })
  mirrors?: string[] | null;

  @Property(String, {
    description: 'Certificates in PEM to trust beside the usual ones.',
    nullable: true,
    optional: true,
    schema: { maxLength: MAX_PEM },
  })
  @IsOptional()
  @IsString({ message: 'expected text' })
  @MaxLength(MAX_PEM, { message: `expected at most ${MAX_PEM} characters` })
  ca?: string | null;

  @Property(Boolean, {
    description: 'Plain HTTP instead of TLS: everything can be read and changed on its way.',
    nullable: true,
    optional: true,
    schema: { default: false },
  })
  @IsOptional()
  @IsBoolean({ message: 'expected true or false' })
  insecure?: boolean | null;
}

@InputType('CreateRegistryInput')
@ApiSchema({ name: 'CreateRegistryInput' })
export class CreateRegistryInput extends RegistrySettingsInput {
  @Property(String, {
    description: 'As image names have it: `host` or `host:port`, `docker.io` for Docker Hub.',
    example: 'registry.example:5000',
    schema: { minLength: 1, maxLength: 255 },
  })
  @IsPlainText(255)
  host: string;
}

/** What is left out stays; null takes the default. */
@InputType('UpdateRegistryInput', { description: 'What is left out stays; null takes the default.' })
@ApiSchema({ name: 'UpdateRegistryInput', description: 'What is left out stays; null takes the default.' })
export class UpdateRegistryInput extends RegistrySettingsInput {}
