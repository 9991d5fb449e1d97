import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import { CONTROL_STATUSES, type ControlStatus } from '../../model/control.js';
import { FINDING_KINDS, FINDING_STATUSES, type FindingKind, type FindingStatus } from '../../model/finding.js';
import { REPORT_FORMATS, type ReportFormat } from '../../model/report.js';
import { SBOM_FORMATS, type SbomFormat } from '../../model/sbom.js';
import { SCAN_STATUSES, type ScanStatus } from '../../model/scan.js';
import { SEVERITIES, type Severity } from '../../model/severity.js';
import { TARGET_KINDS, type TargetKind } from '../../model/target.js';
import { IsPlainText } from './plain-text.validator.js';
import { IsTime, timeOf } from './time.property.js';

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 500;

/** `?limit=`: digits only, as Number() would also take ' 1e2 ' and the empty string. */
export function Limit(): PropertyDecorator {
  const message = `expected a whole number from 1 to ${MAX_LIMIT}`;
  const schema = { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT, required: false } as const;
  return all(
    ApiProperty({ ...schema, description: 'How many at most.' }),
    Transform(({ value }) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value)),
    IsInt({ message }),
    Min(1, { message }),
    Max(MAX_LIMIT, { message }),
  );
}

/** `?status=open&status=fixed` or `?status=open,fixed`. */
export function ListOf(values: readonly string[], enumName: string, description: string): PropertyDecorator {
  return all(
    ApiProperty({
      enum: [...values],
      enumName,
      isArray: true,
      required: false,
      description: `${description} Repeat it, or separate by commas.`,
    }),
    Transform(({ value }) => (Array.isArray(value) ? value : [value]).flatMap(splitCommas)),
    IsOptional(),
    IsIn([...values], { each: true, message: `expected some of ${values.join(', ')}` }),
  );
}

export function OneOf(values: readonly string[], enumName: string, description: string): PropertyDecorator {
  return all(
    ApiProperty({ enum: [...values], enumName, required: false, description }),
    IsOptional(),
    IsIn([...values], { message: `expected one of ${values.join(', ')}` }),
  );
}

function Id(description: string): PropertyDecorator {
  return all(
    ApiProperty({ type: String, format: 'uuid', required: false, description }),
    IsOptional(),
    IsUUID(undefined, { message: 'expected a UUID' }),
  );
}

export class PageQuery {
  @Limit()
  limit: number = DEFAULT_LIMIT;

  @ApiProperty({ type: String, required: false, description: '`nextCursor` of the page before.' })
  @IsOptional()
  @IsPlainText(1024)
  cursor?: string;
}

export class CountQuery {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, default: 10, required: false, description: 'How many.' })
  @Transform(({ value }) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value))
  @IsInt({ message: 'expected a whole number from 1 to 100' })
  @Min(1, { message: 'expected a whole number from 1 to 100' })
  @Max(100, { message: 'expected a whole number from 1 to 100' })
  count: number = 10;
}

export class ScanQuery extends PageQuery {
  @Id('Only scans of this target.')
  targetId?: string;

  @OneOf(SCAN_STATUSES, 'ScanStatus', 'Only scans with this status.')
  status?: ScanStatus;
}

/** What may be asked of the risk of vulnerabilities. */
export class RiskQuery extends PageQuery {
  @ApiProperty({ type: Boolean, required: false, description: 'Whether CISA knows the vulnerability to be exploited.' })
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsOptional()
  @IsBoolean({ message: 'expected true or false' })
  kev?: boolean;

  @ApiProperty({
    type: Number,
    minimum: 0,
    maximum: 1,
    required: false,
    example: 0.1,
    description: 'Only vulnerabilities that EPSS gives this probability, or more.',
  })
  @Transform(({ value }) => (typeof value === 'string' && /^[01](?:\.\d{1,9})?$/.test(value) ? Number(value) : value))
  @IsOptional()
  @IsProbability()
  minEpss?: number;
}

class FindingFilterQuery extends RiskQuery {
  @ListOf(SEVERITIES, 'Severity', 'Only findings with one of these.')
  severity?: Severity[];

  @OneOf(FINDING_KINDS, 'FindingKind', 'Only findings of this kind.')
  kind?: FindingKind;

  @ApiProperty({ type: String, required: false, description: 'Only findings of this rule.', example: 'CVE-2023-0286' })
  @IsOptional()
  @IsPlainText(255)
  ruleId?: string;
}

export class ScanFindingQuery extends FindingFilterQuery {
  @ListOf(
    FINDING_STATUSES,
    'FindingStatus',
    'Only findings that have one of these today; all but the suppressed when left out.',
  )
  status?: FindingStatus[];
}

export class FindingQuery extends FindingFilterQuery {
  @ListOf(FINDING_STATUSES, 'FindingStatus', 'Only findings with one of these; open and undetermined when left out.')
  status?: FindingStatus[];

  @Id('Only findings of this target.')
  targetId?: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    required: false,
    example: '2026-03-01T00:00:00Z',
    description:
      'Only what the service knew to be there at this time. When it opened and closed is of then, the rest of today; without a status, also what is fixed or suppressed by now.',
  })
  @Transform(timeOf)
  @IsOptional()
  @IsTime()
  asOf?: Date;
}

export class ControlQuery extends PageQuery {
  @ListOf(CONTROL_STATUSES, 'ControlStatus', 'Only results with one of these; all when left out.')
  status?: ControlStatus[];
}

/** With what is asked of the risk: containers whose image has an open vulnerability that is all of it. */
export class ContainerQuery extends RiskQuery {
  @OneOf(
    ['true', 'false', 'unknown'],
    'Exploitable',
    'Only containers whose image has open vulnerabilities, has none, or of which that is not known.',
  )
  exploitable?: 'true' | 'false' | 'unknown';
}

export class GraphQuery {
  @ApiProperty({
    enum: ['json', 'dot'],
    enumName: 'GraphFormat',
    required: false,
    default: 'json',
    description: 'JSON, or Graphviz’ language, for `dot -Tsvg`.',
  })
  @IsIn(['json', 'dot'], { message: 'expected one of json, dot' })
  format: 'json' | 'dot' = 'json';
}

export class PackageQuery extends PageQuery {
  @ApiProperty({
    type: String,
    description: 'A package URL, with or without a version; of a distribution with the qualifier `distro`.',
    example: 'pkg:deb/debian/openssl@3.0.11-1~deb12u1?distro=debian-12',
  })
  @IsPlainText(2048)
  package: string;
}

export class TargetQuery extends PageQuery {
  @OneOf(TARGET_KINDS, 'TargetKind', 'Only targets of this kind.')
  kind?: TargetKind;
}

export class SbomQuery {
  @ApiProperty({
    enum: [...SBOM_FORMATS],
    enumName: 'SbomFormat',
    required: false,
    default: 'cyclonedx',
    description: 'CycloneDX 1.6, or SPDX 2.3; both as JSON.',
  })
  @IsIn([...SBOM_FORMATS], { message: `expected one of ${SBOM_FORMATS.join(', ')}` })
  format: SbomFormat = 'cyclonedx';
}

export class ReportQuery {
  @ApiProperty({ enum: [...REPORT_FORMATS], enumName: 'ReportFormat', description: 'OpenVEX 0.2.0.' })
  @IsIn([...REPORT_FORMATS], { message: `expected one of ${REPORT_FORMATS.join(', ')}` })
  format: ReportFormat;
}

export class UploadQuery {
  @ApiProperty({ type: String, required: false, description: 'What the file is called; a form names it itself.' })
  @IsOptional()
  @IsPlainText(255)
  filename?: string;
}

/** A position fits into PostgreSQL's bigint: 18 digits always do. */
export function IsPosition(): PropertyDecorator {
  return Matches(/^(0|[1-9]\d{0,17})$/, { message: 'expected a position: a whole number in decimal digits' });
}

export function IsProbability(): PropertyDecorator {
  const message = 'expected a number from 0 to 1, as 0.1';
  return all(IsNumber({}, { message }), Min(0, { message }), Max(1, { message }));
}

function splitCommas(value: unknown): unknown[] {
  return typeof value === 'string' ? value.split(',') : [value];
}

function all(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };
}
