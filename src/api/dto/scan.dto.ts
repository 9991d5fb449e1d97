import { ID, Int } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { Scan, ScanPhase, ScanStatus } from '../../model/scan.js';
import type { SeverityCounts } from '../../model/severity.js';
import { CoverageDto } from './coverage.dto.js';
import { ScanPhases, ScanStatuses } from './enumerations.js';
import { FaultDto } from './fault.dto.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';
import { TargetReferenceDto } from './target-reference.dto.js';

@Shape('ScanProgress', 'How far a scan is.')
export class ScanProgressDto {
  @Property(ScanPhases, { description: 'What it is doing.' })
  phase: ScanPhase;

  @Property(Int, { description: '0 to 100.', schema: { minimum: 0, maximum: 100 } })
  percent: number;
}

@Shape('SeverityCounts', 'How many findings of each severity.')
export class SeverityCountsDto implements SeverityCounts {
  @Property(Int, { description: 'Critical findings.' })
  critical: number;

  @Property(Int, { description: 'High findings.' })
  high: number;

  @Property(Int, { description: 'Medium findings.' })
  medium: number;

  @Property(Int, { description: 'Low findings.' })
  low: number;

  @Property(Int, { description: 'Findings whose severity no source gives.' })
  unknown: number;
}

@Shape('ScanOptions', 'How the target is read.')
export class ScanOptionsDto {
  @Property(String, {
    description: 'Which image of a multi-platform index; null for the one of this machine.',
    nullable: true,
    example: 'linux/amd64',
  })
  platform: string | null;

  @Property(Boolean, { description: 'Whether packages that lockfiles ask for count as installed.' })
  lockfiles: boolean;

  @Property(Boolean, { description: 'Whether files were searched for secrets.' })
  secrets: boolean;
}

@Shape('Scan', 'One audit of one target.')
export class ScanDto {
  @Property(ID, { description: 'UUIDv7: ids sort by age.' })
  id: string;

  @Property(TargetReferenceDto, { description: 'What is audited.' })
  target: TargetReferenceDto;

  @Property(ScanStatuses, { description: 'Where it is on its way.' })
  status: ScanStatus;

  @Property(String, { description: '`api`; `image_in_use`: the scan of a host that it runs on.', example: 'api' })
  trigger: string;

  @Property(ScanOptionsDto, { description: 'How the target is read.' })
  options: ScanOptionsDto;

  @Property(Int, { description: '0 (first) to 9 (last).', schema: { minimum: 0, maximum: 9 } })
  priority: number;

  @Property(ScanProgressDto, { description: 'How far it is.' })
  progress: ScanProgressDto;

  @Property(Date, { description: 'When it was asked for.' })
  createdAt: Date;

  @Property(Date, { description: 'When a worker first took it.', nullable: true })
  startedAt: Date | null;

  @Property(Date, { description: 'When it ended.', nullable: true })
  finishedAt: Date | null;

  @Property(FaultDto, { description: 'Why it failed; of a queued scan, why it is to be tried again.', nullable: true })
  error: FaultDto | null;

  @Property(CoverageDto, { description: 'What could not be examined.' })
  coverage: CoverageDto;

  @Property(SeverityCountsDto, { description: 'Its findings by severity.' })
  counts: SeverityCountsDto;

  @Property(String, { description: 'Of the facts; null until they are read.', nullable: true, example: 'sha256:9f86…' })
  inventoryDigest: string | null;

  @Property(String, {
    description:
      'Of the image manifest that the reference stood for, for this platform; null until it is read, and for what has no manifest.',
    nullable: true,
    example: 'sha256:9f86…',
  })
  imageDigest: string | null;

  static of(scan: Scan): ScanDto {
    const { critical, high, medium, low, unknown } = scan.counts;
    return Object.assign(new ScanDto(), {
      id: scan.id,
      target: TargetReferenceDto.of(scan.target),
      status: scan.status,
      trigger: scan.trigger,
      options: {
        platform: scan.options.platform ?? null,
        lockfiles: scan.options.lockfiles ?? false,
        secrets: scan.options.secrets ?? true,
      },
      priority: scan.priority,
      progress: { phase: scan.progress.phase, percent: scan.progress.percent },
      createdAt: scan.createdAt,
      startedAt: scan.startedAt,
      finishedAt: scan.finishedAt,
      error: scan.error && FaultDto.of(scan.error),
      coverage: CoverageDto.of(scan.coverage),
      counts: { critical, high, medium, low, unknown },
      inventoryDigest: scan.inventoryDigest,
      imageDigest: scan.imageDigest,
    });
  }
}

@ApiSchema({ name: 'ScanPage' })
export class ScanPageDto extends PageOf(ScanDto) {}
