import { z } from 'zod';
import type { Cvss } from '../../model/severity.js';
import { CVE_ID, entryName } from '../cve-id.js';
import type { ScoredRecord } from '../feed-record.js';
import { describeFault } from '../record-fault.js';

/**
 * Reads the ratings of one entry of `vulnerabilities`, by NVD's schema of version 2.0
 * (https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema). A CVE that is not rated, or rejected, has none.
 */
export function readNvdRecord(value: unknown, index: number): ScoredRecord {
  const parsed = RECORD.safeParse(value);
  if (!parsed.success) {
    const id = z.object({ cve: z.object({ id: z.string() }) }).safeParse(value).data?.cve.id;
    return { rejected: { entry: entryName(id, index), reason: describeFault(parsed.error) } };
  }
  const { id, vulnStatus, metrics } = parsed.data.cve;
  const isRejected = vulnStatus?.toLowerCase() === 'rejected';
  return { scores: { id, cvss: isRejected ? [] : ratingsOf(metrics) } };
}

/** A metric that is not of the form is none: NVD copies those of many others. */
const METRICS = z
  .array(
    z
      .object({
        source: z.string().min(1).max(250),
        cvssData: z.object({
          version: z.enum(['2.0', '3.0', '3.1', '4.0']),
          vectorString: z.string().min(1).max(500),
          baseScore: z.number().min(0).max(10),
        }),
      })
      .nullable()
      .catch(null),
  )
  .nullish()
  .catch(null);

const RECORD = z.object({
  cve: z.object({
    id: CVE_ID,
    vulnStatus: z.string().nullish(),
    metrics: z
      .object({
        cvssMetricV40: METRICS,
        cvssMetricV31: METRICS,
        cvssMetricV30: METRICS,
        cvssMetricV2: METRICS,
      })
      .nullish(),
  }),
});

/** The newest version of CVSS first, NVD's own before others'. */
function ratingsOf(metrics: z.infer<typeof RECORD>['cve']['metrics']): Cvss[] {
  const { cvssMetricV40, cvssMetricV31, cvssMetricV30, cvssMetricV2 } = metrics ?? {};
  return [cvssMetricV40, cvssMetricV31, cvssMetricV30, cvssMetricV2].flatMap((ofVersion) => {
    const ratings = (ofVersion ?? []).flatMap((metric) =>
      metric === null
        ? []
        : {
            version: metric.cvssData.version,
            // NVD writes vectors of version 2 in brackets in some files.
            vector: metric.cvssData.vectorString.replace(/^\((.*)\)$/, '$1'),
            score: metric.cvssData.baseScore,
            source: metric.source,
          },
    );
    return [...ratings.filter(({ source }) => source === NVD), ...ratings.filter(({ source }) => source !== NVD)];
  });
}

const NVD = 'nvd@nist.gov';
