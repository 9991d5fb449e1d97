import { Field, ObjectType } from '@nestjs/graphql';
import { AffectedTargetDto, JUDGED_AT } from '../dto/advisory.dto.js';
import { ContainerDto } from '../dto/container.dto.js';
import { ControlResultDto } from '../dto/control.dto.js';
import { CoverageItemDto } from '../dto/coverage.dto.js';
import { EventDto } from '../dto/event.dto.js';
import { FeedDto } from '../dto/feed.dto.js';
import { FindingDto } from '../dto/finding.dto.js';
import { FindingChangeDto, HistoryEntryDto, PackageChangeDto } from '../dto/history.dto.js';
import { PackageVulnerabilityDto } from '../dto/match.dto.js';
import { PackageDto } from '../dto/package.dto.js';
import { RegistryDto } from '../dto/registry.dto.js';
import { ScanDto } from '../dto/scan.dto.js';
import { ScheduleDto, ScheduleRunDto } from '../dto/schedule.dto.js';
import { TargetDto } from '../dto/target.dto.js';
import { VexDocumentDto, VexStatementDto } from '../dto/vex.dto.js';
import { WorkloadDto } from '../dto/workload.dto.js';
import { ConnectionOf } from './connection.js';

@ObjectType()
export class ScanConnection extends ConnectionOf('Scan', ScanDto) {}

@ObjectType()
export class PackageConnection extends ConnectionOf('Package', PackageDto) {}

@ObjectType()
export class FindingConnection extends ConnectionOf('Finding', FindingDto) {}

@ObjectType()
export class FindingChangeConnection extends ConnectionOf('FindingChange', FindingChangeDto) {}

@ObjectType()
export class PackageChangeConnection extends ConnectionOf('PackageChange', PackageChangeDto) {}

@ObjectType()
export class HistoryConnection extends ConnectionOf('History', HistoryEntryDto) {}

@ObjectType()
export class ControlResultConnection extends ConnectionOf('ControlResult', ControlResultDto) {}

@ObjectType()
export class ContainerConnection extends ConnectionOf('Container', ContainerDto) {}

@ObjectType()
export class WorkloadConnection extends ConnectionOf('Workload', WorkloadDto) {}

@ObjectType()
export class TargetConnection extends ConnectionOf('Target', TargetDto) {}

@ObjectType()
export class FeedConnection extends ConnectionOf('Feed', FeedDto) {}

@ObjectType()
export class RegistryConnection extends ConnectionOf('Registry', RegistryDto) {}

@ObjectType()
export class ScheduleConnection extends ConnectionOf('Schedule', ScheduleDto) {}

@ObjectType()
export class ScheduleRunConnection extends ConnectionOf('ScheduleRun', ScheduleRunDto) {}

@ObjectType()
export class VexDocumentConnection extends ConnectionOf('VexDocument', VexDocumentDto) {}

@ObjectType()
export class VexStatementConnection extends ConnectionOf('VexStatement', VexStatementDto) {}

@ObjectType()
export class EventConnection extends ConnectionOf('Event', EventDto) {}

@ObjectType()
export class PackageVulnerabilityConnection extends ConnectionOf('PackageVulnerability', PackageVulnerabilityDto) {
  @Field(() => [CoverageItemDto], { description: 'What could not be told. With any, no news is not good news.' })
  gaps: CoverageItemDto[];
}

@ObjectType()
export class AffectedTargetConnection extends ConnectionOf('AffectedTarget', AffectedTargetDto) {
  @Field(() => Date, { nullable: true, description: JUDGED_AT })
  judgedAt: Date | null;
}
