import { ID, Int } from '@nestjs/graphql';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type {
  RunTags,
  Schedule,
  ScheduleRun,
  ScheduleRunReason,
  ScheduleRunStatus,
  SkipReason,
} from '../../model/schedule.js';
import type { PlannedRun } from '../../model/schedule-times.js';
import { ScheduleRunReasons, ScheduleRunStatuses, SkipReasons } from './enumerations.js';
import { FaultDto } from './fault.dto.js';
import { JsonScalar } from './json.scalar.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';

@Shape('Schedule', 'Scans that are asked for again and again.')
export class ScheduleDto {
  @Property(ID, { description: 'UUIDv7: ids sort by age.' })
  id: string;

  @Property(String, { description: 'What people call it.', example: 'nightly' })
  name: string;

  @Property(String, { description: 'Null where there is an interval.', nullable: true, example: '30 2 * * *' })
  cron: string | null;

  @Property(Int, { description: 'Null where there is a cron expression.', nullable: true })
  intervalSeconds: number | null;

  @Property(String, { description: 'Whose clock `cron` means.', example: 'Europe/Berlin' })
  timeZone: string;

  @Property(Int, { description: 'Each run is later by up to this.' })
  jitterSeconds: number;

  @Property(ID, { description: 'What is scanned; null where labels or a repository say it.', nullable: true })
  targetId: string | null;

  @Property(JsonScalar, {
    description: 'Every target that has all of these; null where something else says what is scanned.',
    nullable: true,
    example: { team: 'payments' },
    schema: { additionalProperties: { type: 'string' } },
  })
  labels: Record<string, string> | null;

  @Property(String, {
    description: 'Whose tags are scanned; null where something else says it.',
    nullable: true,
    example: 'registry.example/team/app',
  })
  repository: string | null;

  @Property(String, { description: 'Which tags of the repository; null without one.', nullable: true, example: 'v1.*' })
  tagPattern: string | null;

  @Property(JsonScalar, { description: 'How what is scanned is read: the options that were given.' })
  options: object;

  @Property(Boolean, { description: 'Whether it does not run by itself.' })
  paused: boolean;

  @Property(Date, { description: 'Null while it is paused, and where no run will come.', nullable: true })
  nextRunAt: Date | null;

  @Property(Date, { description: 'When it was made.' })
  createdAt: Date;

  @Property(Date, { description: 'When it was last changed.' })
  updatedAt: Date;

  static of({ anchorAt: _anchorAt, ...schedule }: Schedule): ScheduleDto {
    return Object.assign(new ScheduleDto(), schedule);
  }
}

@ApiSchema({ name: 'SchedulePage' })
export class SchedulePageDto extends PageOf(ScheduleDto) {}

@Shape('ScheduledScan', 'A scan that a run asked for.')
export class ScheduledScanDto {
  @Property(ID, { description: 'Of the target.' })
  targetId: string;

  @Property(ID, { description: 'Of the scan.' })
  scanId: string;
}

@Shape('SkippedTarget', 'A target that a run left out.')
export class SkippedTargetDto {
  @Property(ID, { description: 'Of the target.' })
  targetId: string;

  @Property(SkipReasons, { description: 'Why.' })
  reason: SkipReason;
}

@Shape('RunTags', 'What a run found in its repository.')
export class RunTagsDto implements RunTags {
  @Property(Int, { description: 'Tags that the registry listed.' })
  listed: number;

  @Property(Int, { description: 'Tags that the pattern matches.' })
  matched: number;

  @Property(Boolean, { description: 'Whether the whole list could be read.' })
  complete: boolean;

  @Property(Int, { description: 'New tags that matched and were one too many for this run; the next takes more.' })
  leftOutCount: number;

  @Property([String], { description: 'The first 100 of them, highest version first.' })
  leftOut: string[];
}

@Shape('ScheduleRun', 'What one run of a schedule did.')
export class ScheduleRunDto {
  @Property(ID, { description: 'UUIDv7: ids sort by age.' })
  id: string;

  @Property(ScheduleRunReasons, { description: 'Why it ran.' })
  reason: ScheduleRunReason;

  @Property(Date, { description: 'When the schedule said; null for a run that somebody asked for.', nullable: true })
  nominalAt: Date | null;

  @Property(Date, { description: 'When it ran.' })
  createdAt: Date;

  @Property(ScheduleRunStatuses, { description: '`listing` while the tags of the repository are asked for.' })
  status: ScheduleRunStatus;

  @Property(FaultDto, { description: 'Why the tags could not be listed.', nullable: true })
  error: FaultDto | null;

  @Property(RunTagsDto, { description: 'Null unless a repository was listed.', nullable: true })
  tags: RunTagsDto | null;

  @Property([ScheduledScanDto], { description: 'The scans that it asked for.' })
  scans: ScheduledScanDto[];

  @Property([SkippedTargetDto], { description: 'The targets that it left out.' })
  skipped: SkippedTargetDto[];

  static of(run: ScheduleRun): ScheduleRunDto {
    return Object.assign(new ScheduleRunDto(), run);
  }
}

@ApiSchema({ name: 'ScheduleRunPage' })
export class ScheduleRunPageDto extends PageOf(ScheduleRunDto) {}

@Shape('PlannedRun', 'A run to come.')
export class PlannedRunDto implements PlannedRun {
  @Property(Date, { description: 'When the schedule says.' })
  nominalAt: Date;

  @Property(Date, { description: 'That and the jitter.' })
  runAt: Date;
}

@ApiSchema({ name: 'PlannedRuns' })
export class PlannedRunsDto {
  @ApiProperty({ type: [PlannedRunDto], description: 'In order.' })
  items: PlannedRunDto[];
}
