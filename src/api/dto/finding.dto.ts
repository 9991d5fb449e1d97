import { Float, ID, Int } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type {
  Finding,
  FindingKind,
  FindingLocation,
  FindingPackage,
  FindingStatus,
  FixState,
  SeverityRating,
} from '../../model/finding.js';
import type { Cvss, Severity } from '../../model/severity.js';
import { FindingKinds, FindingStatuses, FixStates, Severities } from './enumerations.js';
import { SourcePackageDto } from './package.dto.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';
import { RiskDto } from './risk.dto.js';
import { TargetReferenceDto } from './target-reference.dto.js';
import { FindingVexDto } from './vex.dto.js';

@Shape('Cvss', 'One CVSS rating as its source gave it.')
export class CvssDto {
  @Property(String, { description: 'Of CVSS.', example: '3.1' })
  version: string;

  @Property(String, { description: 'The vector.', example: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' })
  vector: string;

  @Property(Float, { description: 'Base score, 0.0 to 10.0.', example: 7.5 })
  score: number;

  @Property(String, { description: 'The advisory record that carries it.', example: 'CVE-2023-0286' })
  source: string;

  static of({ version, vector, score, source }: Cvss): CvssDto {
    return Object.assign(new CvssDto(), { version, vector, score, source });
  }
}

@Shape('SeverityRating', 'How bad one source says that a vulnerability is.')
export class SeverityRatingDto {
  @Property(String, { description: 'The database.', example: 'debian' })
  source: string;

  @Property(Severities, { description: 'Its own word, or what its CVSS comes to.' })
  severity: Severity;

  @Property(CvssDto, { description: 'Null when it gives none.', nullable: true })
  cvss: CvssDto | null;

  static of({ source, severity, cvss }: SeverityRating): SeverityRatingDto {
    return Object.assign(new SeverityRatingDto(), { source, severity, cvss: cvss && CvssDto.of(cvss) });
  }
}

@Shape('FindingPackage', 'The package that a finding is about.')
export class FindingPackageDto {
  @Property(String, { description: 'Package URL.' })
  purl: string;

  @Property(String, { description: 'As the package manager names it.' })
  name: string;

  @Property(String, { description: 'The installed version.' })
  version: string;

  @Property(SourcePackageDto, { description: 'Null where the ecosystem has none.', nullable: true })
  source: SourcePackageDto | null;

  static of({ purl, name, version, source }: FindingPackage): FindingPackageDto {
    const dto = { purl, name, version, source: source && SourcePackageDto.of(source) };
    return Object.assign(new FindingPackageDto(), dto);
  }
}

@Shape('FindingLocation', 'Where on the target.')
export class FindingLocationDto {
  @Property(String, { description: 'A file.', nullable: true })
  path: string | null;

  @Property(Int, { description: 'A line of that file.', nullable: true })
  line: number | null;

  @Property(String, { description: 'Diff ID of a layer.', nullable: true })
  layer: string | null;

  @Property(String, { description: 'A resource, as `Kind/namespace/name`.', nullable: true })
  resource: string | null;

  static of({ path, line, layer, resource }: FindingLocation): FindingLocationDto {
    return Object.assign(new FindingLocationDto(), { path, line, layer, resource });
  }
}

@Shape('Finding', 'A problem on a target, over all its scans.')
export class FindingDto {
  @Property(ID, { description: 'Stays the same when a finding is fixed and comes back.' })
  id: string;

  @Property(String, { description: 'What makes findings of two scans the same one.' })
  fingerprint: string;

  @Property(FindingKinds, { description: 'What sort of problem.' })
  kind: FindingKind;

  @Property(String, { description: 'Of a vulnerability its CVE, where it has one.', example: 'CVE-2023-0286' })
  ruleId: string;

  @Property([String], { description: 'Other names of the same problem.' })
  aliases: string[];

  @Property([String], { description: 'Ids of the advisory records that say so.' })
  advisories: string[];

  @Property(String, { description: 'One line for people.' })
  title: string;

  @Property(Severities, { description: 'How bad it is.' })
  severity: Severity;

  @Property(String, { description: 'Whose severity it is; null when unknown.', nullable: true, example: 'ubuntu' })
  severitySource: string | null;

  @Property(CvssDto, { description: 'Null when no source gives one.', nullable: true })
  cvss: CvssDto | null;

  @Property([SeverityRatingDto], { description: 'Every rating that is known, the one that `severity` is by first.' })
  ratings: SeverityRatingDto[];

  @Property(RiskDto, { description: 'How urgent it is today; it changes with the scores, without an event.' })
  risk: RiskDto;

  @Property(FindingStatuses, { description: 'Whether it is there.' })
  status: FindingStatus;

  @Property(FindingVexDto, { description: 'What others say of it; null where nobody says anything.', nullable: true })
  vex: FindingVexDto | null;

  @Property(TargetReferenceDto, { description: 'Where it is.' })
  target: TargetReferenceDto;

  @Property(FindingPackageDto, { description: 'The package it is about.', nullable: true })
  package: FindingPackageDto | null;

  @Property(String, { description: 'The first version without it; null when there is none.', nullable: true })
  fixedVersion: string | null;

  @Property(FixStates, { description: "What the package's maintainers did about it." })
  fixState: FixState;

  @Property(FindingLocationDto, { description: 'Where on the target.', nullable: true })
  location: FindingLocationDto | null;

  @Property(Date, { description: 'When it was first seen, or seen again.' })
  openedAt: Date;

  @Property(Date, { description: 'When it was gone; null while it is there.', nullable: true })
  closedAt: Date | null;

  static of(finding: Finding): FindingDto {
    return Object.assign(new FindingDto(), {
      id: finding.id,
      fingerprint: finding.fingerprint,
      kind: finding.kind,
      ruleId: finding.ruleId,
      aliases: finding.aliases,
      advisories: finding.advisories,
      title: finding.title,
      severity: finding.severity,
      severitySource: finding.severitySource,
      cvss: finding.cvss && CvssDto.of(finding.cvss),
      ratings: finding.ratings.map(SeverityRatingDto.of),
      risk: RiskDto.of(finding.risk),
      status: finding.status,
      vex: finding.vex && FindingVexDto.of(finding.vex),
      target: TargetReferenceDto.of(finding.target),
      package: finding.package && FindingPackageDto.of(finding.package),
      fixedVersion: finding.fixedVersion,
      fixState: finding.fixState,
      location: finding.location && FindingLocationDto.of(finding.location),
      openedAt: finding.openedAt,
      closedAt: finding.closedAt,
    });
  }
}

@ApiSchema({ name: 'FindingPage' })
export class FindingPageDto extends PageOf(FindingDto) {}
