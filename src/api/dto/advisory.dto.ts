import { ID, Int } from '@nestjs/graphql';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { AffectedPackage, VersionRange } from '../../model/advisory.js';
import type { FixState } from '../../model/finding.js';
import type { Severity } from '../../model/severity.js';
import type {
  AdvisoryRecord,
  AffectedTarget,
  VulnerabilityRating,
  VulnerabilityRecords,
} from '../../model/vulnerability.js';
import { FixStates, Severities } from './enumerations.js';
import { CvssDto, FindingPackageDto } from './finding.dto.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';
import { RecordHeaderDto, recordHeader } from './record-header.dto.js';
import { EpssDto, KnownExploitedDto } from './risk.dto.js';
import { TargetReferenceDto } from './target-reference.dto.js';

@Shape('RangeEvent', 'A boundary of a range of versions: exactly one of these is not null.')
export class RangeEventDto {
  @Property(String, { description: 'The first affected; `0` is the first of all.', nullable: true })
  introduced: string | null;

  @Property(String, { description: 'The first that is not affected any more.', nullable: true })
  fixed: string | null;

  @Property(String, { description: 'The last affected.', nullable: true })
  lastAffected: string | null;

  @Property(String, { description: 'Where the range is cut; `*` is nowhere.', nullable: true })
  limit: string | null;
}

@Shape('AffectedRange', 'A range of versions.')
export class AffectedRangeDto {
  @Property(String, { description: '`ECOSYSTEM` or `SEMVER`.', example: 'ECOSYSTEM' })
  type: string;

  @Property([RangeEventDto], { description: 'As the record has them.' })
  events: RangeEventDto[];

  static of({ type, events }: VersionRange): AffectedRangeDto {
    const shown = events.map((event) =>
      Object.assign(new RangeEventDto(), {
        introduced: 'introduced' in event ? event.introduced : null,
        fixed: 'fixed' in event ? event.fixed : null,
        lastAffected: 'last_affected' in event ? event.last_affected : null,
        limit: 'limit' in event ? event.limit : null,
      }),
    );
    return Object.assign(new AffectedRangeDto(), { type, events: shown });
  }
}

@Shape('AffectedPackage', 'What a record says of one package.')
export class AffectedPackageDto {
  @Property(String, { description: 'Where it is filed.', example: 'Debian:12' })
  ecosystem: string;

  @Property(String, { description: 'Of the package.', example: 'openssl' })
  name: string;

  @Property([AffectedRangeDto], { description: 'One that holds a version is enough.' })
  ranges: AffectedRangeDto[];

  @Property([String], { description: 'Versions that are affected whatever the ranges say.' })
  versions: string[];

  @Property(Severities, { description: 'For this package, in words; null where it gives none.', nullable: true })
  severity: Severity | null;

  @Property([CvssDto], { description: 'For this package.' })
  cvss: CvssDto[];

  @Property(FixStates, { description: 'Why there is no fix, where the record says so.', nullable: true })
  fixState: FixState | null;

  @Property(String, {
    description: 'A judgement of every version in place of ranges: `not_affected` or `undetermined`.',
    nullable: true,
  })
  status: string | null;

  @Property(String, { description: 'The stream of a module that it is about alone.', nullable: true })
  module: string | null;

  @Property([String], { description: 'What it is about alone; none: every one.' })
  architectures: string[];

  static of(entry: AffectedPackage): AffectedPackageDto {
    const { ecosystem, name, ranges, versions, severity, cvss, fixState, status, module, architectures } = entry;
    return Object.assign(new AffectedPackageDto(), {
      ecosystem,
      name,
      ranges: ranges.map(AffectedRangeDto.of),
      versions,
      severity,
      cvss: cvss.map(CvssDto.of),
      fixState: fixState ?? null,
      status: status ?? null,
      module: module ?? null,
      architectures: architectures ?? [],
    });
  }
}

@Shape('AdvisoryRecord', 'One record of a feed.')
export class AdvisoryRecordDto extends RecordHeaderDto {
  @Property(Date, { description: 'When it was withdrawn: it is not matched any more.', nullable: true })
  withdrawn: Date | null;

  @Property([String], { description: 'Other names that it has for the vulnerability.' })
  aliases: string[];

  @Property([String], { description: 'Of an advisory of a distribution: the vulnerabilities that it is about.' })
  upstream: string[];

  @Property([AffectedPackageDto], { description: 'At most 100, with at most 200 versions each.' })
  affected: AffectedPackageDto[];

  @Property(Int, { description: 'How many entries the record has.' })
  affectedCount: number;

  @Property(Boolean, { description: 'Whether entries or versions were left out.' })
  truncated: boolean;

  static of(record: AdvisoryRecord): AdvisoryRecordDto {
    const { withdrawn, aliases, upstream, affected, affectedCount, truncated } = record;
    return Object.assign(new AdvisoryRecordDto(), {
      ...recordHeader(record),
      withdrawn,
      aliases,
      upstream,
      affected: affected.map(AffectedPackageDto.of),
      affectedCount,
      truncated,
    });
  }
}

@Shape('VulnerabilityRating', 'How one record rates a vulnerability, or NVD does.')
export class VulnerabilityRatingDto {
  @Property(String, { description: 'The record; of NVD the CVE.', example: 'GHSA-35jh-r3h4-6jhm' })
  advisory: string;

  @Property(String, { description: 'The database that it is of.', example: 'github' })
  source: string;

  @Property(Severities, { description: 'In words; null where it gives none.', nullable: true })
  severity: Severity | null;

  @Property([CvssDto], { description: 'As it gives them.' })
  cvss: CvssDto[];

  static of({ advisory, source, severity, cvss }: VulnerabilityRating): VulnerabilityRatingDto {
    return Object.assign(new VulnerabilityRatingDto(), { advisory, source, severity, cvss: cvss.map(CvssDto.of) });
  }
}

@Shape('Advisory', 'One vulnerability, and every record about it.')
export class AdvisoryDto {
  @Property(String, {
    description: 'Its CVE where it has one; of a bulletin on several vulnerabilities its own id.',
    example: 'CVE-2021-23337',
  })
  id: string;

  @Property([String], { description: 'Other names of the same vulnerability.' })
  aliases: string[];

  @Property([String], { description: 'Of a bulletin on several vulnerabilities: those.' })
  upstream: string[];

  @Property(String, { description: 'One line for people.', nullable: true })
  summary: string | null;

  @Property(Severities, { description: 'How bad it is, whatever package it is in.' })
  severity: Severity;

  @Property(String, { description: 'Whose severity it is; null when unknown.', nullable: true })
  severitySource: string | null;

  @Property(CvssDto, { description: 'The one that counts; null when no source gives one.', nullable: true })
  cvss: CvssDto | null;

  @Property([VulnerabilityRatingDto], { description: 'How each record rates it, then NVD.' })
  ratings: VulnerabilityRatingDto[];

  @Property(EpssDto, { description: 'Null when EPSS does not know it.', nullable: true })
  epss: EpssDto | null;

  @Property(KnownExploitedDto, { description: 'Null when CISA does not list it as exploited.', nullable: true })
  kev: KnownExploitedDto | null;

  @Property([AdvisoryRecordDto], { description: 'At most 200; those about it alone before bulletins.' })
  records: AdvisoryRecordDto[];

  @Property(Boolean, { description: 'Whether records were left out.' })
  truncated: boolean;

  static of(found: VulnerabilityRecords): AdvisoryDto {
    const { id, aliases, upstream, summary, severity, severitySource, cvss, truncated } = found;
    return Object.assign(new AdvisoryDto(), {
      id,
      aliases,
      upstream,
      summary,
      severity,
      severitySource,
      cvss: cvss && CvssDto.of(cvss),
      ratings: found.ratings.map(VulnerabilityRatingDto.of),
      epss: found.epss && EpssDto.of(found.epss),
      kev: found.kev && KnownExploitedDto.of(found.kev),
      records: found.records.map(AdvisoryRecordDto.of),
      truncated,
    });
  }
}

@Shape('AffectedTarget', 'A target that has a vulnerability, by its newest facts.')
export class AffectedTargetDto {
  @Property(TargetReferenceDto, { description: 'Who has it.' })
  target: TargetReferenceDto;

  @Property(FindingPackageDto, { description: 'In which package.', nullable: true })
  package: FindingPackageDto | null;

  @Property(String, { description: 'Of the finding; a bulletin is about several.', example: 'CVE-2021-23337' })
  ruleId: string;

  @Property(String, { description: '`open` or `undetermined`.', example: 'open' })
  status: string;

  @Property(Severities, { description: 'How bad it is there.' })
  severity: Severity;

  @Property(String, { description: 'The first version without it; null when there is none.', nullable: true })
  fixedVersion: string | null;

  @Property(ID, { description: 'Of the finding.' })
  findingId: string;

  @Property(ID, { description: "The target's newest scan with facts.", nullable: true })
  scanId: string | null;

  @Property(Date, { description: 'When that scan ended.', nullable: true })
  scannedAt: Date | null;

  static of(found: AffectedTarget): AffectedTargetDto {
    const { ruleId, status, severity, fixedVersion, findingId, scanId, scannedAt } = found;
    return Object.assign(new AffectedTargetDto(), {
      target: TargetReferenceDto.of(found.target),
      package: found.package && FindingPackageDto.of(found.package),
      ruleId,
      status,
      severity,
      fixedVersion,
      findingId,
      scanId,
      scannedAt,
    });
  }
}

export const JUDGED_AT =
  'Advisories that had come in by then are taken into account on every target; of later ones some may not be yet. Null while no target has been scanned.';

@ApiSchema({ name: 'AffectedTargetPage' })
export class AffectedTargetPageDto extends PageOf(AffectedTargetDto) {
  @ApiProperty({ type: Date, nullable: true, description: JUDGED_AT })
  judgedAt: Date | null;
}
