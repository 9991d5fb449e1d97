import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { SbomFormat } from '../../src/model/sbom.js';

const STANDARDS = resolve('..', 'shared', 'data', 'standards');

/** Whether the published schemas of CycloneDX and SPDX are at hand; says so where they are not. */
export function haveSbomSchemas(): boolean {
  const isThere = existsSync(join(STANDARDS, 'spdx-schema-2.3.json'));
  if (!isThere) console.info(`skipped: the schemas of SBOMs are not in ${STANDARDS}`);
  return isThere;
}

/** What the schemas find wrong with a document, one text for each fault. */
export class SbomSchemas {
  private readonly validators: Record<SbomFormat, ValidateFunction>;

  constructor() {
    const cyclonedx = schemas();
    for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
      cyclonedx.addSchema(read(`cyclonedx/${name}.schema.json`));
    }
    this.validators = {
      cyclonedx: cyclonedx.compile(read('cyclonedx/bom-1.6.schema.json')),
      spdx: schemas().compile(read('spdx-schema-2.3.json')),
    };
  }

  faults(document: unknown, format: SbomFormat): string[] {
    const validate = this.validators[format];
    if (validate(document)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
  }
}

function schemas(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  // Not known to ajv-formats; of no field that is written here.
  for (const format of ['idn-email', 'iri-reference']) ajv.addFormat(format, true);
  return ajv;
}

function read(path: string): object {
  return JSON.parse(readFileSync(join(STANDARDS, path), 'utf8'));
}
