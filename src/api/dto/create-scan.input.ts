import { InputType, Int } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsObject, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import { TARGET_KINDS, type TargetKind } from '../../model/target.js';
import { TargetKinds } from './enumerations.js';
import { JsonScalar } from './json.scalar.js';
import { IsPlainText, IsTextMap } from './plain-text.validator.js';
import { Property } from './property.js';

const PRIORITY = 'expected a whole number from 0 to 9';

@InputType('ScanTargetInput', { description: 'What to audit.' })
@ApiSchema({ name: 'ScanTargetInput' })
export class ScanTargetInput {
  @Property(TargetKinds, { description: 'What it is.' })
  @IsIn(TARGET_KINDS, { message: `expected one of ${TARGET_KINDS.join(', ')}` })
  kind: TargetKind;

  @Property(String, {
    description:
      'Where it is read from. A host: `docker:unix:///PATH` or `docker:tcp://HOST:PORT` (its container engine), `root:DIR` (its mounted root), `facts:PATH` or `upload:ID` (what `plimsoll collect host` wrote). An image: `docker://NAME` (a registry), `docker-daemon:NAME` (a container engine), `docker-archive:PATH`, `oci-archive:PATH`, `oci:DIR`, `rootfs:PATH`, `sbom:PATH` (CycloneDX or SPDX) or `upload:ID`. Paths must be in a folder that the operator allowed.',
    example: 'docker://registry.example/shop/web:1.2',
    schema: { minLength: 1, maxLength: 4096 },
  })
  @IsPlainText(4096)
  reference: string;

  @Property(String, {
    description: 'What people call it. Uploads with the same name are the same target.',
    nullable: true,
    optional: true,
    example: 'shop',
    schema: { minLength: 1, maxLength: 255 },
  })
  @IsOptional()
  @IsPlainText(255)
  name?: string | null;

  @Property(JsonScalar, {
    description: 'At most 64, keys of up to 63 characters, values of up to 255.',
    nullable: true,
    optional: true,
    example: { team: 'payments' },
    schema: { additionalProperties: { type: 'string', maxLength: 255 }, maxProperties: 64 },
  })
  @IsOptional()
  @IsTextMap(64, 63, 255)
  labels?: Record<string, string> | null;
}

@InputType('ScanOptionsInput', { description: 'How to read the target.' })
@ApiSchema({ name: 'ScanOptionsInput' })
export class ScanOptionsInput {
  @Property(String, {
    description: 'Which image of a multi-platform index: `os/arch` or `os/arch/variant`.',
    nullable: true,
    optional: true,
    example: 'linux/arm64',
  })
  @IsOptional()
  @Matches(/^[a-z0-9]{1,32}\/[a-z0-9_]{1,32}(\/[a-z0-9.]{1,32})?$/, {
    message: 'expected os/arch or os/arch/variant, as linux/arm64',
  })
  platform?: string | null;

  @Property(Boolean, {
    description: 'Whether packages that lockfiles ask for count as installed.',
    nullable: true,
    optional: true,
    schema: { default: false },
  })
  @IsOptional()
  @IsBoolean({ message: 'expected true or false' })
  lockfiles?: boolean | null;

  @Property(Boolean, {
    description: 'Whether files are searched for secrets. Without it a large image is read somewhat faster.',
    nullable: true,
    optional: true,
    schema: { default: true },
  })
  @IsOptional()
  @IsBoolean({ message: 'expected true or false' })
  secrets?: boolean | null;
}

@InputType('CreateScanInput')
@ApiSchema({ name: 'CreateScanInput' })
export class CreateScanInput {
  @Property(ScanTargetInput, { description: 'What to audit.' })
  @IsObject({ message: 'expected an object with kind and reference' })
  @ValidateNested()
  @Type(() => ScanTargetInput)
  target: ScanTargetInput;

  @Property(ScanOptionsInput, { description: 'How to read it.', nullable: true, optional: true })
  @IsOptional()
  @IsObject({ message: 'expected an object' })
  @ValidateNested()
  @Type(() => ScanOptionsInput)
  options?: ScanOptionsInput | null;

  @Property(Int, {
    description: '0 (first) to 9 (last).',
    nullable: true,
    optional: true,
    schema: { minimum: 0, maximum: 9, default: 5 },
  })
  @IsOptional()
  @IsInt({ message: PRIORITY })
  @Min(0, { message: PRIORITY })
  @Max(9, { message: PRIORITY })
  priority?: number | null;
}
