import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../test/support/sbom-subject.js';
import type { CoverageCode } from '../model/coverage.js';
import { documentUuid, missingParts, subjectName } from './sbom-subject.js';

const EMPTY = { distribution: null, packages: [] };
const gap = (code: CoverageCode) => ({ code, subject: 'x', message: `${code} happened` });

describe('the subject of an SBOM', () => {
  it('has a UUID that stays while it says the same', () => {
    const uuid = documentUuid(subjectOf(EMPTY));
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const same = [{}, { createdAt: new Date(0) }, { gaps: [gap('advisories_missing')] }];
    for (const more of same) expect(documentUuid(subjectOf(EMPTY, more))).toBe(uuid);
    const others = [
      { inventoryDigest: `sha256:${'0'.repeat(64)}` },
      { target: { reference: 'docker-archive:/other.tar', name: null } },
      { target: { reference: 'docker-archive:/images/shop.tar', name: 'shop' } },
      { gaps: [gap('layer_missing')] },
      { toolVersion: '1.2.4' },
    ];
    const uuids = others.map((more) => documentUuid(subjectOf(EMPTY, more)));
    expect(new Set([uuid, ...uuids]).size).toBe(others.length + 1);
  });

  it('is called by its name, its reference, or, as an upload, by what it holds', () => {
    const named = (reference: string, name: string | null) =>
      subjectName(subjectOf(EMPTY, { target: { reference, name } }));
    expect(named('docker://alpine', 'shop')).toBe('shop');
    expect(named('docker://alpine', null)).toBe('docker://alpine');
    expect(named('upload:01890a5d-ac96-774b-bcce-b302099a8057', 'shop')).toBe('shop');
    expect(named('upload:01890a5d-ac96-774b-bcce-b302099a8057', null)).toBe(subjectOf(EMPTY).inventoryDigest);
  });

  it('misses what may hide a package, in order and once, and nothing else', () => {
    const gaps = (
      [
        'layer_missing',
        'advisories_missing',
        'advisories_stale',
        'file_unparsable',
        'layer_missing',
        'config_unreadable',
      ] as const
    ).map(gap);
    expect(missingParts(subjectOf(EMPTY, { gaps }))).toEqual([
      'file_unparsable: file_unparsable happened',
      'layer_missing: layer_missing happened',
    ]);
  });
});
