import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { FixState } from '../../model/finding.js';
import type { Severity } from '../../model/severity.js';
import type { MatchedPackage, MatchResult, MatchStatus, PackageVulnerability } from '../../model/vulnerability.js';
import { CoverageItemDto } from './coverage.dto.js';
import { FixStates, MatchStatuses, Severities } from './enumerations.js';
import { CvssDto } from './finding.dto.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';
import { RiskDto } from './risk.dto.js';

@Shape('PackageVulnerability', 'A vulnerability as it concerns one package.')
export class PackageVulnerabilityDto {
  @Property(String, { description: 'Its CVE, where it has one.', example: 'CVE-2021-23337' })
  ruleId: string;

  @Property([String], { description: 'Other names of the same vulnerability.' })
  aliases: string[];

  @Property(String, { description: 'One line for people.' })
  title: string;

  @Property(Severities, { description: 'How bad it is.' })
  severity: Severity;

  @Property(String, { description: 'Whose severity it is; null when unknown.', nullable: true, example: 'github' })
  severitySource: string | null;

  @Property(CvssDto, { description: 'Null when no record gives one.', nullable: true })
  cvss: CvssDto | null;

  @Property(RiskDto, { description: 'How urgent it is today, wherever it is: its exposure is 1.' })
  risk: RiskDto;

  @Property(String, {
    description:
      '`open`, or `undetermined` when the versions cannot be ordered; null where no version was asked about.',
    nullable: true,
    example: 'open',
  })
  status: string | null;

  @Property(String, { description: 'The first version without it; null when there is none.', nullable: true })
  fixedVersion: string | null;

  @Property(FixStates, { description: "What the package's maintainers did about it." })
  fixState: FixState;

  @Property([String], { description: 'Ids of the advisory records that say so.' })
  advisories: string[];

  static of(found: PackageVulnerability): PackageVulnerabilityDto {
    const { ruleId, aliases, title, severity, severitySource, status, fixedVersion, fixState, advisories } = found;
    return Object.assign(new PackageVulnerabilityDto(), {
      ruleId,
      aliases,
      title,
      severity,
      severitySource,
      cvss: found.cvss && CvssDto.of(found.cvss),
      risk: RiskDto.of(found.risk),
      status,
      fixedVersion,
      fixState,
      advisories,
    });
  }
}

@Shape('MatchedPackage', 'What advisories say of one package.')
export class MatchedPackageDto {
  @Property(String, { description: 'As it was asked.', example: 'pkg:npm/lodash@4.17.15' })
  purl: string;

  @Property(MatchStatuses, { description: 'Whether it was compared with advisories.' })
  status: MatchStatus;

  @Property(String, {
    description: 'Why it was not, or not with all that there may be; null where there is nothing to know.',
    nullable: true,
  })
  reason: string | null;

  @Property([PackageVulnerabilityDto], { description: 'Sorted by id.' })
  vulnerabilities: PackageVulnerabilityDto[];

  static of({ purl, status, reason, vulnerabilities }: MatchedPackage): MatchedPackageDto {
    const dto = { purl, status, reason, vulnerabilities: vulnerabilities.map(PackageVulnerabilityDto.of) };
    return Object.assign(new MatchedPackageDto(), dto);
  }
}

@Shape('MatchResult', 'What advisories say of a list of packages.')
export class MatchResultDto {
  @Property([MatchedPackageDto], { description: 'In the order in which they were asked.' })
  items: MatchedPackageDto[];

  @Property([CoverageItemDto], { description: 'What could not be told. With any, no news is not good news.' })
  gaps: CoverageItemDto[];

  static of({ items, gaps }: MatchResult): MatchResultDto {
    return Object.assign(new MatchResultDto(), {
      items: items.map(MatchedPackageDto.of),
      gaps: gaps.map(({ code, subject, message }) => ({ code, subject, message })),
    });
  }
}

@ApiSchema({ name: 'PackageVulnerabilityPage' })
export class PackageVulnerabilityPageDto extends PageOf(PackageVulnerabilityDto) {
  @ApiProperty({ type: [CoverageItemDto], description: 'What could not be told. With any, no news is not good news.' })
  gaps: CoverageItemDto[];
}
