import type { SbomFormat } from '../model/sbom.js';
import { cyclonedx } from './cyclonedx/cyclonedx.js';
import { type SbomSubject, subjectName } from './sbom-subject.js';
import { spdx } from './spdx/spdx.js';

/** The document, ready for JSON. */
export function sbom(subject: SbomSubject, format: SbomFormat): object {
  switch (format) {
    case 'cyclonedx':
      return cyclonedx(subject);
    case 'spdx':
      return spdx(subject);
  }
}

const EXTENSIONS: Record<SbomFormat, string> = { cyclonedx: 'cdx.json', spdx: 'spdx.json' };

/** What to call the document where it is kept: after the target, in characters that every system allows. */
export function sbomFileName(subject: SbomSubject, format: SbomFormat): string {
  const last = subjectName(subject).replace(/\/+$/, '').split('/').at(-1) ?? '';
  const stem = last
    .replace(/\.(?:tar|tgz)(?:\.\w+)?(?=:|$)/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 100);
  return `${stem || 'target'}.${EXTENSIONS[format]}`;
}
