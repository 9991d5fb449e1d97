import { describe, expect, it } from 'vitest';
import { npmAdvisory, writeOsvMirror } from '../support/advisories.js';
import {
  findingOf,
  get,
  graphql,
  layers,
  mirror,
  parts,
  prepareAdvisedScan,
  scan,
  service,
  whyOf,
} from './advised-scan.js';

const UNKNOWN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';

prepareAdvisedScan();

describe('why', () => {
  it('tells of a vulnerability what was compared, by which records, and what brought it', async () => {
    const why = await whyOf('CVE-2024-1');
    expect(why).toMatchObject({
      kind: 'vulnerability',
      ruleId: 'CVE-2024-1',
      status: 'open',
      scanId: scan.id,
      changes: [],
    });
    expect(why.reason).toContain('3.0.1-r0 < 3.0.2-r0');
    expect(why.match.compared).toEqual({
      ecosystem: 'Alpine:v3.10',
      name: 'openssl',
      version: '3.0.1-r0',
      named: 'source',
      reason: expect.stringContaining('libssl3 3.0.1-r0 was built from openssl 3.0.1-r0'),
      scheme: 'apk',
    });
    expect(why.match).toMatchObject({
      verdict: 'open',
      fixedVersion: '3.0.2-r0',
      severity: 'high',
      severitySource: 'cvss',
    });
    const [decided, linked] = why.match.records;
    expect(decided).toMatchObject({
      id: 'ALPINE-CVE-2024-1',
      feed: 'osv',
      part: 'Alpine',
      role: 'decided',
      verdict: 'affected',
    });
    expect(decided.entries[0].ranges[0].events).toMatchObject([
      { kind: 'introduced', position: 'after' },
      { kind: 'fixed', position: 'before', comparison: '3.0.1-r0 < 3.0.2-r0' },
    ]);
    expect(linked).toMatchObject({ id: 'RUSTSEC-2024-0001', role: 'linked', verdict: null, cvss: [{ score: 7.5 }] });
    expect(why.locations).toEqual([
      {
        path: '/lib/apk/db/installed',
        line: null,
        resource: null,
        layer: {
          diffId: layers[0],
          index: 0,
          count: 2,
          instruction: {
            step: 1,
            createdBy: 'ADD alpine-minirootfs.tar.gz / # buildkit',
            created: '2026-01-01T00:00:00Z',
            comment: null,
          },
          reason: null,
        },
      },
    ]);
  });

  it('passes over instructions that made no layer', async () => {
    const { locations } = await whyOf('CVE-2024-2');
    expect(locations[0].layer).toMatchObject({
      diffId: layers[1],
      index: 1,
      instruction: { step: 3, createdBy: 'RUN /bin/sh -c npm ci # buildkit' },
    });
  });

  it('tells why it cannot be told', async () => {
    const why = await whyOf('CVE-2024-6');
    expect(why).toMatchObject({ status: 'undetermined', match: { verdict: 'undetermined' } });
    expect(why.reason).toContain('no version at all');
  });

  it('tells of a secret which rule recognised it, where, and what brought it', async () => {
    const why = await whyOf('github-pat');
    expect(why).toMatchObject({ kind: 'secret', match: null, evidence: [], changes: [] });
    expect(why.reason).toContain('github-pat');
    expect(why.locations).toMatchObject([
      { path: '/app/deploy.env', line: 1, layer: { index: 1, instruction: { step: 3 } } },
    ]);
    expect(JSON.stringify(why)).not.toContain('ghp_4kT9wZr2XyQ8');
  });

  it('tells of a failed control, and of support that ended', async () => {
    const control = await whyOf('non-root-user');
    expect(control).toMatchObject({
      kind: 'misconfiguration',
      match: null,
      remediation: expect.stringContaining('USER'),
    });
    expect(control.evidence).toHaveLength(1);
    const end = await whyOf('end-of-life/alpine-linux');
    expect(end.reason).toContain('2021-05-01');
    expect(end.evidence[0]).toMatchObject({ resource: 'endoflife.date/alpine-linux/3.10' });
  });

  it('answers the same over GraphQL', async () => {
    const { id } = await findingOf('CVE-2024-1');
    const { data } = await graphql(
      `query($id:ID!){finding(id:$id){why{findingId kind ruleId status reason judgedAt scanId
        risk{score parts{severity exploitation knownExploited exposure} epss{probability percentile date} kev{dateAdded dueDate ransomware}}
        match{verdict compared{ecosystem name version named reason scheme} fixedVersion fixState severity severitySource
          cvss{version vector score source} ratings{source severity cvss{version vector score source}}
          records{id feed part url modified summary severity cvss{version vector score source} role verdict
            entries{ecosystem name version module architectures fixState status verdict reason listed
              ranges{verdict events{kind version position comparison}}}}}
        vex{status} changes{field judged now} evidence{resource path value}
        locations{path line resource layer{diffId index count instruction{step createdBy created comment} reason}} remediation}}}`,
      { id },
    );
    expect(data.finding.why).toEqual((await get(`/v1/findings/${id}/why`)).body);
  });

  it('knows no other finding', async () => {
    for (const id of [UNKNOWN_ID, 'x', "'; DROP TABLE finding; --"]) {
      const { status, body } = await get(`/v1/findings/${encodeURIComponent(id)}/why`);
      expect([status, body.code]).toEqual([404, 'not_found']);
    }
  });
});

it('says of a finding what advisories say otherwise by now, until it is judged again', async () => {
  // Another process seems to be at it.
  const elsewhere = service.database.createQueryRunner();
  await elsewhere.query(`SELECT pg_advisory_lock(hashtext('plimsoll.rejudge'))`);
  await writeOsvMirror(mirror, parts('4.17.16'));
  await service.sync();
  expect((await whyOf('CVE-2024-2')).changes).toEqual([{ field: 'fixedVersion', judged: '4.17.21', now: '4.17.16' }]);
  await writeOsvMirror(mirror, {
    ...parts(),
    npm: [
      npmAdvisory('GHSA-aaaa-bbbb-cccc', ['CVE-2024-2'], 'lodash', '4.17.21', { withdrawn: '2026-03-01T00:00:00Z' }),
    ],
  });
  await service.sync();
  const why = await whyOf('CVE-2024-2');
  expect(why).toMatchObject({ match: null, changes: [{ field: 'status', judged: 'open', now: null }] });
  expect(why.reason).toContain('withdrawn');
  await elsewhere.query(`SELECT pg_advisory_unlock(hashtext('plimsoll.rejudge'))`);
  await elsewhere.release();
});
