import { describe, expect, it } from 'vitest';
import { get, graphql, match, prepareAdvisedScan, scan, service } from './advised-scan.js';

prepareAdvisedScan();

describe('a match', () => {
  it('answers in the order of the request, and never takes silence for good news', async () => {
    const packages = [
      'pkg:npm/lodash@4.17.15',
      'nonsense',
      'pkg:npm/lodash@4.17.21',
      'pkg:npm/lodash',
      'pkg:generic/thing@1',
      'pkg:maven/org.example/thing@1.0',
      'pkg:npm/lodash@4.17.15',
      'pkg:deb/debian/bash@5.2-1',
      'pkg:npm/odd@1.0.0',
    ];
    const { status, body } = await match(packages);
    expect(status).toBe(200);
    expect(body.items.map(({ purl }: { purl: string }) => purl)).toEqual(packages);
    expect(
      body.items.map((item: { status: string; vulnerabilities: { ruleId: string; status: string }[] }) => [
        item.status,
        ...item.vulnerabilities.map((found) => `${found.ruleId} ${found.status}`),
      ]),
    ).toEqual([
      ['matched', 'CVE-2024-2 open'],
      ['invalid'],
      ['matched'],
      ['invalid'],
      ['unmatched'],
      ['unmatched'],
      ['matched', 'CVE-2024-2 open'],
      ['unmatched'],
      ['matched', 'CVE-2024-6 undetermined'],
    ]);
    for (const { status: verdict, reason } of body.items) if (verdict !== 'matched') expect(reason).toMatch(/\.$/);
    expect(body.gaps.map(({ code }: { code: string }) => code).sort()).toEqual([
      'advisories_missing',
      'component_unidentified',
      'distribution_unknown',
      'version_undetermined',
    ]);
    expect(body.items[0].vulnerabilities[0]).toEqual({
      ruleId: 'CVE-2024-2',
      aliases: ['GHSA-aaaa-bbbb-cccc'],
      title: 'Trouble in lodash',
      severity: 'high',
      severitySource: 'github',
      cvss: null,
      risk: {
        score: 45,
        parts: { severity: 40, exploitation: 5, knownExploited: 0, exposure: 1 },
        epss: null,
        kev: null,
      },
      status: 'open',
      fixedVersion: '4.17.21',
      fixState: 'fixed',
      advisories: ['GHSA-aaaa-bbbb-cccc'],
    });
  });

  it('says the same as the scan of an image', async () => {
    const { items: packages } = (await get(`/v1/scans/${scan.id}/packages?limit=500`)).body;
    const { items: findings } = (await get(`/v1/scans/${scan.id}/findings?kind=vulnerability&limit=500`)).body;
    const purls = packages.map(({ purl, source }: { purl: string; source: { name: string } | null }) =>
      source ? `${purl}&upstream=${source.name}` : purl,
    );
    const { body } = await match(purls);
    const matched = body.items.flatMap((item: { vulnerabilities: object[] }) => item.vulnerabilities);
    const pick = ({ ruleId, severity, fixedVersion, status, advisories }: Record<string, unknown>) =>
      JSON.stringify([ruleId, severity, fixedVersion, status, advisories]);
    expect(matched.map(pick).sort()).toEqual(findings.map(pick).sort());
    expect(matched.length).toBeGreaterThan(2);
  });

  it('stores nothing', async () => {
    const count = async () =>
      (
        await service.database.query(
          'SELECT (SELECT count(*) FROM package) AS packages, (SELECT count(*) FROM finding) AS findings',
        )
      )[0];
    const before = await count();
    await match(['pkg:npm/lodash@4.17.15', 'pkg:npm/brand-new@1.0.0']);
    expect(await count()).toEqual(before);
  });

  it('takes 10,000 packages, and a body over the limit of others', async () => {
    const packages = Array.from({ length: 10_000 }, (_, i) => `pkg:npm/${'long'.repeat(30)}${i}@1.0.0?vcs_url=x`);
    const { status, body } = await match(packages);
    expect([status, body.items.length, body.gaps]).toEqual([200, 10_000, []]);
  });

  it.each<[string, unknown, number, string]>([
    ['no list', undefined, 400, 'invalid_request'],
    ['an empty list', [], 400, 'invalid_request'],
    ['a text', 'pkg:npm/lodash@1', 400, 'invalid_request'],
    ['an entry that is no text', ['pkg:npm/lodash@1', 5], 400, 'invalid_request'],
    ['an entry that is a list', [['pkg:npm/lodash@1']], 400, 'invalid_request'],
    ['too many', Array(10_001).fill('pkg:npm/a@1'), 400, 'invalid_request'],
    ['too long a body', ['x'.repeat(9 * 1024 * 1024)], 413, 'payload_too_large'],
  ])('refuses %s', async (_name, packages, status, code) => {
    const { status: answered, body } = await match(packages);
    expect([answered, body.code]).toEqual([status, code]);
  });

  it('takes hostile text for what it is', async () => {
    const hostile = [
      "pkg:npm/x'; DROP TABLE advisory; --@1",
      'pkg:npm/__proto__@1',
      'pkg:npm/\u0000@1',
      'pkg:npm/\ud800@1',
      `pkg:npm/${'a'.repeat(5_000)}@1`,
      'pkg:npm/%ff%fe@1',
      '',
    ];
    const { status, body } = await match(hostile);
    expect(status).toBe(200);
    expect(body.items).toHaveLength(hostile.length);
    expect((await match(['pkg:npm/lodash@4.17.15'])).body.items[0].vulnerabilities).toHaveLength(1);
  });

  it('answers the same over GraphQL', async () => {
    const packages = ['pkg:npm/lodash@4.17.15', 'nonsense'];
    const { data } = await graphql(
      `query($p:[String!]!){match(packages:$p){items{purl status reason vulnerabilities{ruleId aliases title severity severitySource
        cvss{version vector score source} risk{score parts{severity exploitation knownExploited exposure} epss{probability percentile date} kev{dateAdded dueDate ransomware}}
        status fixedVersion fixState advisories}} gaps{code subject message}}}`,
      { p: packages },
    );
    expect(data.match).toEqual((await match(packages)).body);
    expect(await graphql('{match(packages:[]){gaps{code}}}')).toMatchObject({ code: 'invalid_request' });
  });
});
