import { ID, Int } from '@nestjs/graphql';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { FindingChange, HistoryEntry, PackageChange, ScanDifference } from '../../model/history.js';
import type { Page } from '../../model/page.js';
import type { ScanStatus } from '../../model/scan.js';
import { FindingChanges, PackageChanges, ScanStatuses } from './enumerations.js';
import { FaultDto } from './fault.dto.js';
import { FindingDto } from './finding.dto.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';
import { SeverityCountsDto } from './scan.dto.js';

@Shape('HistoryEntry', 'One scan of a target that has ended, and what it changed.')
export class HistoryEntryDto {
  @Property(ID, { description: 'Of the scan.' })
  scanId: string;

  @Property(ScanStatuses, { description: 'How it ended.' })
  status: ScanStatus;

  @Property(String, { description: 'What asked for it.', example: 'api' })
  trigger: string;

  @Property(Date, { description: 'When it was asked for.' })
  createdAt: Date;

  @Property(Date, { description: 'When it ended.', nullable: true })
  finishedAt: Date | null;

  @Property(FaultDto, { description: 'Why it failed.', nullable: true })
  error: FaultDto | null;

  @Property(String, {
    description: 'Of the facts; null where there are none.',
    nullable: true,
    example: 'sha256:9f86…',
  })
  inventoryDigest: string | null;

  @Property(String, { description: 'Of the image manifest; null where there is none.', nullable: true })
  imageDigest: string | null;

  @Property(Boolean, { description: 'Whether everything could be examined.' })
  complete: boolean;

  @Property(SeverityCountsDto, { description: 'Findings by severity, as they were when it ended.' })
  counts: SeverityCountsDto;

  @Property(Int, { description: 'Findings that it opened, or opened again.' })
  opened: number;

  @Property(Int, { description: 'Findings that it found to be gone.' })
  fixed: number;

  @Property(Int, { description: 'Findings that new advisories opened between it and the next scan.' })
  openedSince: number;

  @Property(Int, { description: 'Findings that changes of advisories closed between it and the next scan.' })
  fixedSince: number;

  static of({ scan, isComplete, counts, ...changes }: HistoryEntry): HistoryEntryDto {
    const { id, status, trigger, createdAt, finishedAt, error, inventoryDigest, imageDigest } = scan;
    const { critical, high, medium, low, unknown } = counts;
    return Object.assign(new HistoryEntryDto(), {
      scanId: id,
      status,
      trigger,
      createdAt,
      finishedAt,
      error: error && FaultDto.of(error),
      inventoryDigest,
      imageDigest,
      complete: isComplete,
      counts: { critical, high, medium, low, unknown },
      opened: changes.opened,
      fixed: changes.fixed,
      openedSince: changes.openedSince,
      fixedSince: changes.fixedSince,
    });
  }
}

@ApiSchema({ name: 'HistoryPage' })
export class HistoryPageDto extends PageOf(HistoryEntryDto) {}

@Shape('FindingChange', 'A finding that one of two scans has alone.')
export class FindingChangeDto {
  @Property(FindingChanges, { description: 'Which of the scans has it.' })
  change: FindingChange['change'];

  @Property(FindingDto, { description: 'As it is known today.' })
  finding: FindingDto;

  static of({ change, finding }: FindingChange): FindingChangeDto {
    return Object.assign(new FindingChangeDto(), { change, finding: FindingDto.of(finding) });
  }
}

@Shape('PackageVersion', 'A package in one version.')
class PackageVersionDto {
  @Property(String, { description: 'Package URL.', example: 'pkg:deb/debian/openssl@3.0.11-1~deb12u1' })
  purl: string;

  @Property(String, { description: 'As the package manager prints it.', example: '3.0.11-1~deb12u1' })
  version: string;
}

@Shape('PackageChange', 'A package that two scans do not have alike.')
export class PackageChangeDto {
  @Property(PackageChanges, { description: 'What happened to it.' })
  change: PackageChange['change'];

  @Property(String, { description: 'Where its advisories come from.', nullable: true })
  ecosystem: string | null;

  @Property(String, { description: 'As the package manager names it.', example: 'openssl' })
  name: string;

  @Property(PackageVersionDto, { description: 'In the first scan; null where it has none.', nullable: true })
  before: PackageVersionDto | null;

  @Property(PackageVersionDto, { description: 'In the second scan; null where it has none.', nullable: true })
  after: PackageVersionDto | null;

  static of({ change, ecosystem, name, before, after }: PackageChange): PackageChangeDto {
    return Object.assign(new PackageChangeDto(), { change, ecosystem, name, before, after });
  }
}

@ApiSchema({ name: 'PackageChangePage' })
export class PackageChangePageDto extends PageOf(PackageChangeDto) {}

@Shape('ScanDifference', 'How the findings of one scan differ from those of another.')
export class ScanDifferenceDto {
  @Property(ID, { description: 'The first scan.' })
  before: string;

  @Property(ID, { description: 'The second scan.' })
  after: string;

  @Property(Int, { description: 'Findings that the second scan has alone.' })
  opened: number;

  @Property(Int, { description: 'Findings that the first scan has alone.' })
  fixed: number;

  @Property(Int, { description: 'Findings that both have.' })
  unchanged: number;

  static of(before: string, after: string, { opened, fixed, unchanged }: ScanDifference): ScanDifferenceDto {
    return Object.assign(new ScanDifferenceDto(), { before, after, opened, fixed, unchanged });
  }
}

/** The counts, and a page of the changes. */
@ApiSchema({ name: 'ScanDifferencePage' })
export class ScanDifferencePageDto extends ScanDifferenceDto implements Page<FindingChangeDto> {
  @ApiProperty({ type: [FindingChangeDto], description: 'Worst first.' })
  items: FindingChangeDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For `cursor` of the next request; null on the last page.',
  })
  nextCursor: string | null;
}
