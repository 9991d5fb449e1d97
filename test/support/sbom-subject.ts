import type { Inventory } from '../../src/model/inventory.js';
import type { SbomSubject } from '../../src/report/sbom-subject.js';

/** An inventory as the subject of an SBOM, where nothing about it is special. */
export function subjectOf(
  inventory: Pick<Inventory, 'distribution' | 'packages'>,
  more: Partial<SbomSubject> = {},
): SbomSubject {
  return {
    target: { reference: 'docker-archive:/images/shop.tar', name: null },
    inventoryDigest: `sha256:${'0123456789abcdef'.repeat(4)}`,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
    distribution: inventory.distribution,
    packages: inventory.packages,
    gaps: [],
    toolVersion: '1.2.3',
    ...more,
  };
}
