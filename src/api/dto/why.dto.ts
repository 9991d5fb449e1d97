import { ID, Int } from '@nestjs/graphql';
import type {
  ComparedPackage,
  ExplainedEntry,
  ExplainedEvent,
  ExplainedLocation,
  ExplainedRange,
  ExplainedRecord,
  FindingWhy,
  JudgementChange,
  LayerOrigin,
  MatchExplanation,
  RangeVerdict,
  RecordRole,
} from '../../model/explanation.js';
import type { FindingKind, FindingStatus, FixState } from '../../model/finding.js';
import type { Severity } from '../../model/severity.js';
import { EvidenceDto } from './control.dto.js';
import {
  BoundaryKinds,
  BoundaryPositions,
  FindingKinds,
  FindingStatuses,
  FixStates,
  RangeVerdicts,
  RecordRoles,
  Severities,
} from './enumerations.js';
import { CvssDto, SeverityRatingDto } from './finding.dto.js';
import { Property, Shape } from './property.js';
import { RecordHeaderDto, recordHeader } from './record-header.dto.js';
import { RiskDto } from './risk.dto.js';
import { FindingVexDto } from './vex.dto.js';

@Shape('ExplainedEvent', 'A boundary of a range, and where the installed version stands to it.')
export class ExplainedEventDto {
  @Property(BoundaryKinds, { description: 'What it bounds.' })
  kind: ExplainedEvent['kind'];

  @Property(String, { description: 'The boundary.', example: '3.0.14-1~deb12u1' })
  version: string;

  @Property(BoundaryPositions, { description: 'Where the installed version stands.' })
  position: ExplainedEvent['position'];

  @Property(String, {
    description: 'For people: the installed version first.',
    example: '3.0.11-1~deb12u2 < 3.0.14-1~deb12u1',
  })
  comparison: string;

  static of({ kind, version, position, comparison }: ExplainedEvent): ExplainedEventDto {
    return Object.assign(new ExplainedEventDto(), { kind, version, position, comparison });
  }
}

@Shape('ExplainedRange', 'One range of versions, and what it says.')
export class ExplainedRangeDto {
  @Property(RangeVerdicts, { description: 'Of the installed version.' })
  verdict: RangeVerdict;

  @Property([ExplainedEventDto], { description: 'As the record has them.' })
  events: ExplainedEventDto[];

  static of({ verdict, events }: ExplainedRange): ExplainedRangeDto {
    return Object.assign(new ExplainedRangeDto(), { verdict, events: events.map(ExplainedEventDto.of) });
  }
}

@Shape('ExplainedEntry', "What one of a record's entries for the package says.")
export class ExplainedEntryDto {
  @Property(String, { description: 'Where it is filed.', example: 'Debian:12' })
  ecosystem: string;

  @Property(String, { description: 'The package that it names.', example: 'openssl' })
  name: string;

  @Property(String, { description: 'The installed version that was compared.', example: '3.0.11-1~deb12u2' })
  version: string;

  @Property(String, { description: 'The stream of a module that it is about alone.', nullable: true })
  module: string | null;

  @Property([String], { description: 'What it is about alone; none: every one.' })
  architectures: string[];

  @Property(FixStates, { description: 'Why there is no fix, where the record says so.', nullable: true })
  fixState: FixState | null;

  @Property(String, {
    description: 'A judgement of every version in place of ranges: `not_affected` or `undetermined`.',
    nullable: true,
  })
  status: string | null;

  @Property(RangeVerdicts, { description: 'Of the installed version.' })
  verdict: RangeVerdict;

  @Property(String, { description: 'Why it is undetermined.', nullable: true })
  reason: string | null;

  @Property(Boolean, { description: 'Whether just this version is listed as affected.' })
  listed: boolean;

  @Property([ExplainedRangeDto], { description: 'One that holds the version is enough.' })
  ranges: ExplainedRangeDto[];

  static of(entry: ExplainedEntry): ExplainedEntryDto {
    const { ecosystem, name, version, module, architectures, fixState, status, verdict, reason, listed } = entry;
    return Object.assign(new ExplainedEntryDto(), {
      ecosystem,
      name,
      version,
      module,
      architectures,
      fixState,
      status: status ?? null,
      verdict,
      reason,
      listed,
      ranges: entry.ranges.map(ExplainedRangeDto.of),
    });
  }
}

@Shape('ExplainedRecord', 'What one advisory record says.')
export class ExplainedRecordDto extends RecordHeaderDto {
  @Property(RecordRoles, { description: 'What it was for.' })
  role: RecordRole;

  @Property(RangeVerdicts, { description: 'Null of one that does not name the package.', nullable: true })
  verdict: RangeVerdict | null;

  @Property([ExplainedEntryDto], { description: 'Those for the package.' })
  entries: ExplainedEntryDto[];

  static of(record: ExplainedRecord): ExplainedRecordDto {
    const { role, verdict, entries } = record;
    return Object.assign(new ExplainedRecordDto(), {
      ...recordHeader(record),
      role,
      verdict,
      entries: entries.map(ExplainedEntryDto.of),
    });
  }
}

@Shape('ComparedPackage', 'Under which name and version a package was looked for.')
export class ComparedPackageDto {
  @Property(String, { description: 'Where its advisories are filed.', example: 'Debian:12' })
  ecosystem: string;

  @Property(String, { description: 'As advisories name it.', example: 'openssl' })
  name: string;

  @Property(String, { description: 'What was compared.', example: '3.0.11-1~deb12u2' })
  version: string;

  @Property(String, { description: '`source` or `binary`: whose name and version these are.', example: 'source' })
  named: string;

  @Property(String, { description: 'Why these, a sentence.' })
  reason: string;

  @Property(String, { description: 'Whose rules order the versions.', example: 'deb' })
  scheme: string;

  static of({ ecosystem, name, version, named, reason, scheme }: ComparedPackage): ComparedPackageDto {
    return Object.assign(new ComparedPackageDto(), { ecosystem, name, version, named, reason, scheme });
  }
}

@Shape('MatchExplanation', 'How a package was matched against the records about one vulnerability.')
export class MatchExplanationDto {
  @Property(String, { description: '`open`, `undetermined` or `not_affected`, by what the records say now.' })
  verdict: string;

  @Property(ComparedPackageDto, { description: 'What was compared.' })
  compared: ComparedPackageDto;

  @Property(String, { description: 'The first version without it; null when there is none.', nullable: true })
  fixedVersion: string | null;

  @Property(FixStates, { description: "What the package's maintainers did about it." })
  fixState: FixState;

  @Property(Severities, { description: 'How bad it is.' })
  severity: Severity;

  @Property(String, { description: 'Whose severity it is; null when unknown.', nullable: true })
  severitySource: string | null;

  @Property(CvssDto, { description: 'Null when no source gives one.', nullable: true })
  cvss: CvssDto | null;

  @Property([SeverityRatingDto], { description: 'Every rating that is known, the one that `severity` is by first.' })
  ratings: SeverityRatingDto[];

  @Property([ExplainedRecordDto], { description: 'Those that decided first.' })
  records: ExplainedRecordDto[];

  static of(match: MatchExplanation): MatchExplanationDto {
    const { verdict, compared, fixedVersion, fixState, severity, severitySource, cvss, ratings, records } = match;
    return Object.assign(new MatchExplanationDto(), {
      verdict,
      compared: ComparedPackageDto.of(compared),
      fixedVersion,
      fixState,
      severity,
      severitySource,
      cvss: cvss && CvssDto.of(cvss),
      ratings: ratings.map(SeverityRatingDto.of),
      records: records.map(ExplainedRecordDto.of),
    });
  }
}

@Shape('JudgementChange', 'A field of a finding that would be another if it were judged now.')
export class JudgementChangeDto {
  @Property(String, { description: 'Of the finding.', example: 'fixedVersion' })
  field: string;

  @Property(String, { description: 'What it is.', nullable: true })
  judged: string | null;

  @Property(String, { description: 'What it would be.', nullable: true })
  now: string | null;

  static of({ field, judged, now }: JudgementChange): JudgementChangeDto {
    return Object.assign(new JudgementChangeDto(), { field, judged, now });
  }
}

@Shape('LayerInstruction', 'The step of a build that made a layer.')
export class LayerInstructionDto {
  @Property(Int, { description: "Its place in the image's history, from 1." })
  step: number;

  @Property(String, { description: 'As the history has it, without secrets.', example: 'RUN apk add openssl' })
  createdBy: string;

  @Property(String, { description: 'When it was made, as the history has it.', nullable: true })
  created: string | null;

  @Property(String, { description: 'What the builder adds.', nullable: true })
  comment: string | null;
}

@Shape('LayerOrigin', 'A layer, and the instruction that made it.')
export class LayerOriginDto {
  @Property(String, { description: 'Diff ID.', example: 'sha256:9f86…' })
  diffId: string;

  @Property(Int, { description: 'From 0, bottom to top; null where it is not known.', nullable: true })
  index: number | null;

  @Property(Int, { description: 'How many layers the image has; null where it is not known.', nullable: true })
  count: number | null;

  @Property(LayerInstructionDto, { description: 'Null where it is not known.', nullable: true })
  instruction: LayerInstructionDto | null;

  @Property(String, { description: 'Why the instruction is not known.', nullable: true })
  reason: string | null;

  static of({ diffId, index, count, instruction, reason }: LayerOrigin): LayerOriginDto {
    return Object.assign(new LayerOriginDto(), {
      diffId,
      index,
      count,
      instruction: instruction && Object.assign(new LayerInstructionDto(), instruction),
      reason,
    });
  }
}

@Shape('ExplainedLocation', 'Where it is, and what brought it.')
export class ExplainedLocationDto {
  @Property(String, { description: 'A file.', nullable: true })
  path: string | null;

  @Property(Int, { description: 'A line of that file.', nullable: true })
  line: number | null;

  @Property(String, { description: 'A resource.', nullable: true })
  resource: string | null;

  @Property(LayerOriginDto, { description: 'Null where the target has no layers.', nullable: true })
  layer: LayerOriginDto | null;

  static of({ path, line, resource, layer }: ExplainedLocation): ExplainedLocationDto {
    const dto = { path, line, resource, layer: layer && LayerOriginDto.of(layer) };
    return Object.assign(new ExplainedLocationDto(), dto);
  }
}

@Shape('FindingWhy', 'Why a finding is one, by the facts and advisories that are stored now.')
export class FindingWhyDto {
  @Property(ID, { description: 'Of the finding.' })
  findingId: string;

  @Property(FindingKinds, { description: 'What sort of problem.' })
  kind: FindingKind;

  @Property(String, { description: 'Of the finding.' })
  ruleId: string;

  @Property(FindingStatuses, { description: 'Of the finding.' })
  status: FindingStatus;

  @Property(String, { description: 'For people: what decided.' })
  reason: string;

  @Property(RiskDto, { description: 'Of the finding.' })
  risk: RiskDto;

  @Property(Date, { description: 'When the facts were judged; null where no scan has them.', nullable: true })
  judgedAt: Date | null;

  @Property(ID, { description: 'The newest scan that has the problem; null where none has it.', nullable: true })
  scanId: string | null;

  @Property(MatchExplanationDto, {
    description: 'Of a vulnerability; null where no record is about it any more, or the package is in no inventory.',
    nullable: true,
  })
  match: MatchExplanationDto | null;

  @Property(FindingVexDto, {
    description: 'The statement of others that counts for it; null where nobody says anything.',
    nullable: true,
  })
  vex: FindingVexDto | null;

  @Property([JudgementChangeDto], {
    description: 'What advisories say otherwise than when the finding was judged; empty where nothing has changed.',
  })
  changes: JudgementChangeDto[];

  @Property([EvidenceDto], { description: 'What shows it, of a control or of the end of support.' })
  evidence: EvidenceDto[];

  @Property([ExplainedLocationDto], { description: 'Every place.' })
  locations: ExplainedLocationDto[];

  @Property(String, { description: 'What to do, of a control.', nullable: true })
  remediation: string | null;

  static of(why: FindingWhy): FindingWhyDto {
    const { findingId, kind, ruleId, status, reason, judgedAt, scanId, match, remediation } = why;
    return Object.assign(new FindingWhyDto(), {
      findingId,
      kind,
      ruleId,
      status,
      reason,
      risk: RiskDto.of(why.risk),
      judgedAt,
      scanId,
      match: match && MatchExplanationDto.of(match),
      vex: why.vex && FindingVexDto.of(why.vex),
      changes: why.changes.map(JudgementChangeDto.of),
      evidence: why.evidence.map(EvidenceDto.of),
      locations: why.locations.map(ExplainedLocationDto.of),
      remediation,
    });
  }
}
