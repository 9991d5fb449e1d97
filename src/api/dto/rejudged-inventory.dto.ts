import { ID } from '@nestjs/graphql';
import type { RejudgedInventory } from '../../model/vulnerability.js';
import { CoverageItemDto } from './coverage.dto.js';
import { MatchedPackageDto } from './match.dto.js';
import { Property, Shape } from './property.js';

@Shape('RejudgedInventory', 'What advisories of today say of the packages that a target had. Nothing is stored.')
export class RejudgedInventoryDto {
  @Property(ID, { description: 'Of the target.' })
  targetId: string;

  @Property(ID, { description: 'The scan that found the packages: the last that had ended at the time asked for.' })
  scanId: string;

  @Property(Date, { description: 'When that scan ended.' })
  scannedAt: Date;

  @Property(String, { description: 'Digest of what it found.', example: 'sha256:9f86d081884c7d65…' })
  inventoryDigest: string;

  @Property(Date, { description: 'The advisories are those that had come in by then.' })
  judgedAt: Date;

  @Property([MatchedPackageDto], { description: 'The packages that have vulnerabilities, or may, sorted by purl.' })
  items: MatchedPackageDto[];

  @Property([CoverageItemDto], {
    description: 'What the scan could not read, and what advisories do not tell. With any, no news is not good news.',
  })
  gaps: CoverageItemDto[];

  static of(found: RejudgedInventory): RejudgedInventoryDto {
    const { targetId, scanId, scannedAt, inventoryDigest, judgedAt, items, gaps } = found;
    return Object.assign(new RejudgedInventoryDto(), {
      targetId,
      scanId,
      scannedAt,
      inventoryDigest,
      judgedAt,
      items: items.map(MatchedPackageDto.of),
      gaps: gaps.map(({ code, subject, message }) => ({ code, subject, message })),
    });
  }
}
