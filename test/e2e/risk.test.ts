import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, npmAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, tar } from '../support/image.js';
import { unpacked } from '../support/unpacked.js';
import { startTestApp, type TestApp } from './app.js';

const CATALOG = '../shared/data/advisories/cisa-kev.tar.gz';
const isReal = existsSync(CATALOG);
if (!isReal) console.info(`skipped: there is no ${CATALOG}; a catalog of one entry is in its place`);

/** Known to be exploited, by ransomware too; the other is in no catalog. */
const [LISTED, PLAIN] = ['CVE-2021-44228', 'CVE-2021-99999'] as const;
const ENTRY = { cveID: LISTED, dateAdded: '2021-12-10', dueDate: '2021-12-24', knownRansomwareCampaignUse: 'Known' };
const KEV = { dateAdded: '2021-12-10', dueDate: '2021-12-24', ransomware: true };

describe('the risk of a finding', () => {
  let service: TestApp;
  let folder: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  let scan: any;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-score-feeds-'));
    for (const name of ['kev', 'epss', 'nvd']) await mkdir(join(folder, name));
    service = await startTestApp({
      kevSource: join(folder, 'kev'),
      epssSource: join(folder, 'epss'),
      nvdSource: join(folder, 'nvd'),
    });
    const catalog = join(folder, 'kev/known_exploited_vulnerabilities.json');
    if (isReal) {
      await unpacked(CATALOG, (root) => copyFile(join(root, 'cisa-kev/known_exploited_vulnerabilities.json'), catalog));
    } else await writeFile(catalog, JSON.stringify({ vulnerabilities: [ENTRY] }));
    await writeOsvMirror(service.mirror, {
      Alpine: [alpineAdvisory(PLAIN, 'musl', '1.1.22-r4')],
      npm: [npmAdvisory('GHSA-jfh8-c2jp-5v3q', [LISTED], 'logger', '2.0.0', {})],
    });
    await writeEpss('2026-11-23', 0.94, 0.02);
    await writeNvd(9.8);
    for (const feed of ['osv', 'kev', 'epss']) expect(await service.sync(feed)).toMatchObject({ lastError: null });
    const files = alpine([{ name: 'musl', version: '1.1.22-r3' }]);
    const app = {
      'app/node_modules/logger/package.json': '{"name":"logger","version":"1.0.0"}',
      'app/deploy.env': 'GITHUB_TOKEN=ghp_4kT9wZr2XyQ8vLm6NcB3fHs7DjP5gUe1RaVt\n',
    };
    const image = join(service.importDir, 'app.tar');
    await writeFile(image, await dockerArchive([await tar(files), await tar(app)], 'app:1', { config: {} }));
    const target = { kind: 'image', reference: `docker-archive:${image}`, labels: { exposure: 'internet' } };
    scan = await service.scan(target.reference, { target });
    expect(scan.error).toBeNull();
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function writeEpss(day: string, listed: number, plain: number): Promise<void> {
    const head = `#model_version:v2025.03.14,score_date:${day}T00:00:00+0000\ncve,epss,percentile\n`;
    const csv = `${head}${LISTED},${listed},0.999\n${PLAIN},${plain},0.8\n`;
    await writeFile(join(folder, 'epss/epss_scores-current.csv.gz'), gzipSync(csv));
  }

  async function writeNvd(baseScore: number): Promise<void> {
    const cvssData = { version: '3.1', vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', baseScore };
    const metrics = { cvssMetricV31: [{ source: 'nvd@nist.gov', type: 'Primary', cvssData }] };
    const vulnerabilities = [{ cve: { id: PLAIN, metrics } }];
    await writeFile(join(folder, 'nvd/nvdcve-2.0-2021.json.gz'), gzipSync(JSON.stringify({ vulnerabilities })));
  }

  const get = async (path: string) => (await service.request('GET', path)).body;
  const findingOf = async (ruleId: string) =>
    (await get(`/v1/scans/${scan.id}/findings?limit=500`)).items.find(
      (finding: { ruleId: string }) => finding.ruleId === ruleId,
    );
  const rulesOf = async (query: string) =>
    (await get(`/v1/findings?${query}`)).items.map(({ ruleId }: { ruleId: string }) => ruleId);

  it('has its parts, what EPSS gives, and what CISA knows', async () => {
    expect((await findingOf(LISTED)).risk).toEqual({
      score: 75,
      parts: { severity: 25, exploitation: 30, knownExploited: 20, exposure: 1 },
      epss: { probability: 0.94, percentile: 0.999, date: '2026-11-23' },
      kev: KEV,
    });
    expect((await findingOf(PLAIN)).risk).toEqual({
      score: 33,
      parts: { severity: 25, exploitation: 8.4, knownExploited: 0, exposure: 1 },
      epss: { probability: 0.02, percentile: 0.8, date: '2026-11-23' },
      kev: null,
    });
    expect((await findingOf('github-pat')).risk).toMatchObject({ parts: { exploitation: 0, knownExploited: 0 } });
  });

  it('selects findings, and says what it expected otherwise', async () => {
    expect(await rulesOf('kev=true')).toEqual([LISTED]);
    expect(await rulesOf('kev=false&kind=vulnerability')).toEqual([PLAIN]);
    expect(await rulesOf('minEpss=0.5')).toEqual([LISTED]);
    expect((await rulesOf('minEpss=0.02')).sort()).toEqual([LISTED, PLAIN]);
    for (const query of ['kev=1', 'kev=', 'minEpss=2', 'minEpss=-1', 'minEpss=x', 'minEpss=', 'minEpss=1e-1']) {
      const { status, body } = await service.request('GET', `/v1/findings?${query}`);
      expect([query, status, body.code]).toEqual([query, 400, 'invalid_request']);
    }
  });

  it('is in an explanation, a match and a vulnerability', async () => {
    const why = await get(`/v1/findings/${(await findingOf(LISTED)).id}/why`);
    expect(why.risk).toEqual((await findingOf(LISTED)).risk);
    const { body } = await service.request('POST', '/v1/match', { packages: ['pkg:npm/logger@1.0.0'] });
    expect(body.items[0].vulnerabilities[0].risk).toEqual(why.risk);
    const named = await get('/v1/advisories?package=pkg:npm/logger');
    expect(named.items[0].risk).toEqual(why.risk);
    expect(await get(`/v1/advisories/${LISTED}`)).toMatchObject({ kev: KEV, epss: { probability: 0.94 } });
    expect(await get('/v1/advisories/GHSA-jfh8-c2jp-5v3q')).toMatchObject({ id: LISTED, kev: KEV });
    expect(await get(`/v1/advisories/${PLAIN}`)).toMatchObject({ kev: null, epss: { probability: 0.02 } });
  });

  it('is the same over GraphQL', async () => {
    const risk =
      'risk{score parts{severity exploitation knownExploited exposure} epss{probability percentile date} kev{dateAdded dueDate ransomware}}';
    const query = `query($purls:[String!]!){
      findings(kev:true minEpss:0.5){nodes{ruleId ${risk} why{${risk}}}}
      match(packages:$purls){items{vulnerabilities{${risk}}}}
      advisory(id:"${LISTED}"){epss{probability} kev{ransomware}}}`;
    const { body } = await service.request('POST', '/graphql', {
      query,
      variables: { purls: ['pkg:npm/logger@1.0.0'] },
    });
    const expected = (await findingOf(LISTED)).risk;
    expect(body).toEqual({
      data: {
        findings: { nodes: [{ ruleId: LISTED, risk: expected, why: { risk: expected } }] },
        match: { items: [{ vulnerabilities: [{ risk: expected }] }] },
        advisory: { epss: { probability: 0.94 }, kev: { ransomware: true } },
      },
    });
    const wrong = await service.request('POST', '/graphql', { query: '{findings(minEpss:2){nodes{id}}}' });
    expect(wrong.body.errors[0].extensions.code).toBe('invalid_request');
  });

  it('is another once EPSS is, without a scan', async () => {
    await writeEpss('2026-11-24', 0.94, 0.52);
    expect(await service.sync('epss')).toMatchObject({ status: 'idle', lastError: null });
    expect((await findingOf(PLAIN)).risk).toEqual({
      score: 43,
      parts: { severity: 25, exploitation: 18.4, knownExploited: 0, exposure: 1 },
      epss: { probability: 0.52, percentile: 0.8, date: '2026-11-24' },
      kev: null,
    });
  });

  it('follows the severity that NVD gives what nobody else rates, which is an event', async () => {
    expect(await findingOf(PLAIN)).toMatchObject({ severity: 'unknown', ratings: [] });
    const rated = async (score: number) => {
      for (let tries = 0; tries < 250 && (await findingOf(PLAIN)).cvss?.score !== score; tries += 1) await sleep(20);
      return findingOf(PLAIN);
    };
    expect(await service.sync('nvd')).toMatchObject({ status: 'idle', lastError: null });
    expect(await rated(9.8)).toMatchObject({
      severity: 'critical',
      severitySource: 'cvss',
      cvss: { version: '3.1', score: 9.8, source: 'nvd@nist.gov' },
      ratings: [{ source: 'nvd', severity: 'critical', cvss: { score: 9.8 } }],
      risk: { score: 67, parts: { severity: 49, exploitation: 18.4 } },
    });
    await writeNvd(5.3);
    await service.sync('nvd');
    const finding = await rated(5.3);
    expect(finding).toMatchObject({ severity: 'medium', risk: { parts: { severity: 26.5 } } });
    const why = await get(`/v1/findings/${finding.id}/why`);
    expect(why).toMatchObject({ changes: [], match: { severity: 'medium', ratings: [{ source: 'nvd' }] } });
    expect(await get(`/v1/advisories/${PLAIN}`)).toMatchObject({
      severity: 'medium',
      ratings: [{ advisory: PLAIN, source: 'nvd', severity: null, cvss: [{ score: 5.3 }] }],
    });
    const { body } = await service.request('POST', '/v1/match', {
      packages: ['pkg:apk/alpine/musl@1.1.22-r3?distro=3.10'],
    });
    expect(body.items[0].vulnerabilities).toMatchObject([{ ruleId: PLAIN, severity: 'medium', cvss: { score: 5.3 } }]);
    // None is of EPSS.
    expect(await changesOf(finding.id, 2)).toEqual(['system', 'system']);
  });

  /** Who changed a finding, once the log tells of so many changes. */
  async function changesOf(id: string, count: number): Promise<string[]> {
    for (let tries = 0; ; tries += 1) {
      const { items } = await get('/v1/events?limit=500');
      const changes = items.filter(
        (event: { type: string; findingId: string }) => event.type === 'finding.changed' && event.findingId === id,
      );
      if (changes.length >= count || tries === 250) return changes.map(({ actor }: { actor: string }) => actor);
      await sleep(20);
    }
  }
});
