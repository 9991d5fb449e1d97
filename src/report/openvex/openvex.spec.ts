import { describe, expect, it } from 'vitest';
import { type OpenVexFinding, type OpenVexSubject, openVex } from './openvex.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function finding(of: Partial<OpenVexFinding> = {}): OpenVexFinding {
  return {
    ruleId: 'CVE-2024-1',
    aliases: [],
    status: 'open',
    purl: 'pkg:npm/ms@2.0.0',
    fixedVersion: '2.1.0',
    fixState: 'fixed',
    vex: null,
    ...of,
  };
}

function subject(findings: OpenVexFinding[], of: Partial<OpenVexSubject> = {}): OpenVexSubject {
  return {
    target: { reference: 'docker://registry.example:5000/team/app:1.2', name: null },
    imageDigest: DIGEST,
    inventoryDigest: 'sha256:00',
    time: new Date('2024-01-01T00:00:00Z'),
    findings,
    toolVersion: '0.0.0',
    ...of,
  };
}

const statements = (findings: OpenVexFinding[]) => (openVex(subject(findings)) as { statements: object[] }).statements;

describe('openVex', () => {
  it('names the image by purl and digest, and the packages within it', () => {
    expect(openVex(subject([finding({ aliases: ['GHSA-a'] })]))).toMatchObject({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      timestamp: '2024-01-01T00:00:00.000Z',
      statements: [
        {
          vulnerability: { name: 'CVE-2024-1', aliases: ['GHSA-a'] },
          products: [
            {
              '@id': `pkg:oci/app@${DIGEST}?repository_url=registry.example%3A5000%2Fteam%2Fapp&tag=1.2`,
              hashes: { 'sha-256': 'a'.repeat(64) },
              subcomponents: [{ '@id': 'pkg:npm/ms@2.0.0' }],
            },
          ],
          status: 'affected',
          action_statement: 'Update to 2.1.0 or later.',
        },
      ],
    });
  });

  it('tells of packages with the same fate in one statement, in an order of its own', () => {
    const findings = [
      finding({ purl: 'pkg:npm/b@1' }),
      finding({ ruleId: 'CVE-2023-1' }),
      finding({ purl: 'pkg:npm/a@1' }),
    ];
    expect(statements(findings)).toMatchObject([
      { vulnerability: { name: 'CVE-2023-1' } },
      { products: [{ subcomponents: [{ '@id': 'pkg:npm/a@1' }, { '@id': 'pkg:npm/b@1' }] }] },
    ]);
    expect(openVex(subject(findings))).toEqual(openVex(subject(findings.toReversed())));
  });

  it.each<[Partial<OpenVexFinding>, object]>([
    [{ status: 'undetermined' }, { status: 'under_investigation' }],
    [
      { fixedVersion: null, fixState: 'wont_fix' },
      { status: 'affected', action_statement: expect.stringContaining('will not fix') },
    ],
    [{ fixedVersion: null, fixState: 'end_of_life' }, { action_statement: expect.stringContaining('supported') }],
    [{ fixedVersion: null, fixState: 'not_fixed' }, { action_statement: expect.stringContaining('no fix yet') }],
    [
      { status: 'suppressed', vex: { status: 'not_affected', justification: 'component_not_present', detail: 'No.' } },
      { status: 'not_affected', justification: 'component_not_present', impact_statement: 'No.' },
    ],
    [
      { vex: { status: 'affected', justification: null, detail: 'Switch it off.' } },
      { status: 'affected', action_statement: 'Switch it off.' },
    ],
    [{ vex: { status: 'under_investigation', justification: null, detail: null } }, { status: 'under_investigation' }],
  ])('of %j it says %j', (of, expected) => {
    expect(statements([finding(of)])).toMatchObject([expected]);
  });

  it('names an upload by its content, as its id is another one each time', () => {
    const target = { reference: 'upload:0190a000-0000-7000-8000-000000000000', name: null };
    const { statements: told } = openVex(subject([finding()], { target, imageDigest: null })) as {
      statements: { products: object[] }[];
    };
    expect(told[0]?.products).toEqual([{ '@id': 'sha256:00', subcomponents: [{ '@id': 'pkg:npm/ms@2.0.0' }] }]);
  });
});
