import { gzipSync } from 'node:zlib';
import { npmAdvisory } from './advisories.js';
import type { Vendor } from './vendor.js';
import { zip } from './zip.js';

const lodash = npmAdvisory('GHSA-aaaa-bbbb-cccc', ['CVE-2024-0901'], 'lodash', '4.17.21', {
  database_specific: { severity: 'HIGH' },
});

/** Feeds of no distribution. */
export const OTHER_VENDORS: readonly Vendor[] = [
  {
    feed: 'osv',
    mirror: { 'ecosystems.txt': 'npm\n', 'npm/all.zip': zip({ [`${lodash.id}.json`]: JSON.stringify(lodash) }) },
    parts: { npm: 1 },
    systems: {
      'An application': {
        files: { 'app/node_modules/lodash/package.json': '{"name":"lodash","version":"4.17.20"}' },
        expected: ['lodash CVE-2024-0901: open fixed 4.17.21, high by github'],
      },
    },
  },
  {
    feed: 'endoflife',
    mirror: {
      'api/all.json': '["debian"]',
      'api/debian.json': JSON.stringify([{ cycle: '12', eol: '2028-06-30' }]),
    },
    parts: { products: 1 },
    systems: {},
  },
  {
    feed: 'nvd',
    mirror: {
      'nvdcve-2.0-2024.json.gz': gzipSync(
        JSON.stringify({
          vulnerabilities: [
            {
              cve: {
                id: 'CVE-2024-0901',
                metrics: {
                  cvssMetricV31: [
                    {
                      source: 'nvd@nist.gov',
                      type: 'Primary',
                      cvssData: {
                        version: '3.1',
                        vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
                        baseScore: 9.8,
                      },
                    },
                  ],
                },
              },
            },
          ],
        }),
      ),
    },
    parts: { '2024': 1 },
    systems: {},
  },
  {
    feed: 'kev',
    mirror: {
      'known_exploited_vulnerabilities.json': JSON.stringify({
        catalogVersion: '2024.06.01',
        vulnerabilities: [{ cveID: 'CVE-2024-0901', dateAdded: '2024-06-01', dueDate: '2024-06-22' }],
      }),
    },
    parts: { catalog: 1 },
    systems: {},
  },
  {
    feed: 'epss',
    mirror: {
      'epss_scores-current.csv.gz': gzipSync(
        '#model_version:v2023.03.01,score_date:2024-06-01T00:00:00+0000\ncve,epss,percentile\nCVE-2024-0901,0.9,0.99\n',
      ),
    },
    parts: { scores: 1 },
    systems: {},
  },
];
