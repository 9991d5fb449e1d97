import { ArgsType, Field, Float, ID, Int } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import type { Exposed } from '../../model/cluster/running-workload.js';
import type { ControlStatus } from '../../model/control.js';
import { EVENT_TYPES, type EventType } from '../../model/event.js';
import type { FindingKind, FindingStatus } from '../../model/finding.js';
import type { ScanStatus } from '../../model/scan.js';
import type { Severity } from '../../model/severity.js';
import type { TargetKind } from '../../model/target.js';
import {
  ControlStatuses,
  Exposures,
  FindingKinds,
  FindingStatuses,
  ScanStatuses,
  Severities,
  TargetKinds,
} from '../dto/enumerations.js';
import { DEFAULT_LIMIT, IsPosition, IsProbability, MAX_LIMIT } from '../dto/list.query.js';
import { MAX_PACKAGES } from '../dto/match.input.js';
import { IsPlainText } from '../dto/plain-text.validator.js';
import { IsTime } from '../dto/time.property.js';

@ArgsType()
class FirstArgs {
  @Field(() => Int, { defaultValue: DEFAULT_LIMIT, description: `How many at most, 1 to ${MAX_LIMIT}.` })
  @IsInt()
  @Min(1, { message: `expected a whole number from 1 to ${MAX_LIMIT}` })
  @Max(MAX_LIMIT, { message: `expected a whole number from 1 to ${MAX_LIMIT}` })
  first: number;
}

@ArgsType()
export class ConnectionArgs extends FirstArgs {
  @Field(() => String, { nullable: true, description: 'The cursor behind which to start.' })
  @IsOptional()
  @IsPlainText(2048)
  after?: string | null;
}

@ArgsType()
export class EventArgs extends FirstArgs {
  @Field(() => String, { defaultValue: '0', description: 'The position behind which to start.' })
  @IsPosition()
  after: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Only entries of these types, as `finding.opened`; `endCursor` passes the others.',
  })
  @IsOptional()
  @IsIn([...EVENT_TYPES], { each: true, message: `expected some of ${EVENT_TYPES.join(', ')}` })
  types?: EventType[] | null;
}

@ArgsType()
export class ScanArgs extends ConnectionArgs {
  @Field(() => ID, { nullable: true })
  @IsOptional()
  @IsUUID(undefined, { message: 'expected a UUID' })
  targetId?: string | null;

  @Field(() => ScanStatuses.graphql, { nullable: true })
  @IsOptional()
  status?: ScanStatus | null;
}

/** For the findings of one scan or of one target. */
/** What may be asked of the risk of vulnerabilities. */
@ArgsType()
class RiskArgs extends ConnectionArgs {
  @Field(() => Boolean, { nullable: true, description: 'Whether CISA knows the vulnerability to be exploited.' })
  @IsOptional()
  kev?: boolean | null;

  @Field(() => Float, { nullable: true, description: 'What EPSS gives at least, 0 to 1.' })
  @IsOptional()
  @IsProbability()
  minEpss?: number | null;
}

@ArgsType()
export class NestedFindingArgs extends RiskArgs {
  @Field(() => [FindingStatuses.graphql], {
    nullable: true,
    description: 'As they are today. Left out: of a scan all but the suppressed, else open and undetermined.',
  })
  @IsOptional()
  status?: FindingStatus[] | null;

  @Field(() => [Severities.graphql], { nullable: true })
  @IsOptional()
  severity?: Severity[] | null;

  @Field(() => FindingKinds.graphql, { nullable: true })
  @IsOptional()
  kind?: FindingKind | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsPlainText(255)
  ruleId?: string | null;
}

/** For findings of today, or of a time before. */
@ArgsType()
export class TargetFindingArgs extends NestedFindingArgs {
  @Field(() => Date, {
    nullable: true,
    description: 'Only what was known to be there at this time; a status is one of today.',
  })
  @IsOptional()
  @IsTime()
  asOf?: Date | null;
}

@ArgsType()
export class FindingArgs extends TargetFindingArgs {
  @Field(() => ID, { nullable: true })
  @IsOptional()
  @IsUUID(undefined, { message: 'expected a UUID' })
  targetId?: string | null;
}

@ArgsType()
export class ControlArgs extends ConnectionArgs {
  @Field(() => [ControlStatuses.graphql], { nullable: true })
  @IsOptional()
  status?: ControlStatus[] | null;
}

/** With what is asked of the risk: containers whose image has an open vulnerability that is all of it. */
@ArgsType()
export class ContainerArgs extends RiskArgs {
  @Field(() => Boolean, { nullable: true, description: 'Only those that are known to be so, or not to be.' })
  @IsOptional()
  exploitable?: boolean | null;
}

@ArgsType()
export class WorkloadArgs extends RiskArgs {
  @Field(() => [Exposures.graphql], { nullable: true, description: 'Whether somebody outside the cluster reaches it.' })
  @IsOptional()
  exposed?: Exposed[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those that are known to be so, or not to be.' })
  @IsOptional()
  exploitable?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Only those with an image that has this vulnerability open.' })
  @IsOptional()
  @IsPlainText(255)
  ruleId?: string | null;
}

@ArgsType()
export class TargetArgs extends ConnectionArgs {
  @Field(() => TargetKinds.graphql, { nullable: true })
  @IsOptional()
  kind?: TargetKind | null;
}

@ArgsType()
export class PlannedRunsArgs {
  @Field(() => Int, { defaultValue: 10, description: 'How many at most, 1 to 100.' })
  @IsInt()
  @Min(1, { message: 'expected a whole number from 1 to 100' })
  @Max(100, { message: 'expected a whole number from 1 to 100' })
  count: number;
}

@ArgsType()
export class RejudgedArgs {
  @Field(() => Date, { description: 'What the last scan had found that had ended by this time.' })
  @IsTime()
  inventoryAt: Date;
}

@ArgsType()
export class PackageArgs extends ConnectionArgs {
  @Field(() => String, { description: 'A package URL, with or without a version.' })
  @IsPlainText(2048)
  package: string;
}

@ArgsType()
export class MatchArgs {
  @Field(() => [String], { description: `Package URLs with versions, at most ${MAX_PACKAGES}.` })
  @ArrayMinSize(1, { message: `expected 1 to ${MAX_PACKAGES} package URLs` })
  @ArrayMaxSize(MAX_PACKAGES, { message: `expected 1 to ${MAX_PACKAGES} package URLs` })
  packages: string[];
}
