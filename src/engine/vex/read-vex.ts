import { z } from 'zod';
import { PlimsollError } from '../../model/error.js';
import type { VexDocument } from '../../model/vex.js';
import { readCsafVex } from './csaf-vex.js';
import { readCyclonedxVex } from './cyclonedx-vex.js';
import { readOpenVex } from './openvex.js';
import { Refused } from './statement-list.js';

/** Levels of a document; the branches of a CSAF product tree take two each. */
const MAX_DEPTH = 64;

const FORMS = 'OpenVEX, CycloneDX 1.4 to 1.7 with vulnerabilities, or CSAF 2.0, as JSON';

const KIND = z.object({
  '@context': z.unknown().optional(),
  bomFormat: z.unknown().optional(),
  document: z.object({ csaf_version: z.unknown().optional() }).optional().catch(undefined),
});

/**
 * Reads a VEX document, whichever of the known forms it has.
 *
 * @param json parsed, untrusted
 * @throws PlimsollError `vex_invalid` for another form, and for one in which no statement can be read
 */
export function readVex(json: unknown): VexDocument {
  if (isDeep(json)) throw invalid(`it has more than ${MAX_DEPTH} levels`);
  const document = readKnown(json);
  const [first] = document.rejected;
  if (document.statements.length > 0) return document;
  throw invalid(first ? `no statement of it can be read: ${first.entry}: ${first.reason}` : 'it has no statements');
}

function readKnown(json: unknown): VexDocument {
  try {
    const { '@context': context, bomFormat, document } = KIND.parse(json);
    if (isOpenVex(context)) return readOpenVex(json);
    if (bomFormat === 'CycloneDX') return readCyclonedxVex(json);
    if (document?.csaf_version !== undefined) return readCsafVex(json);
  } catch (error) {
    if (error instanceof Refused) throw invalid(error.message, error);
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw invalid(`${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'invalid'}`, error);
  }
  throw invalid('it has neither the "@context" of OpenVEX, nor "bomFormat", nor "document.csaf_version"');
}

/** What follows, as writing it again, may go down level by level. */
function isDeep(json: unknown): boolean {
  let level = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}

/** `https://openvex.dev/ns`, with a version or without; a JSON-LD context may be a list. */
function isOpenVex(context: unknown): boolean {
  const urls = Array.isArray(context) ? context : [context];
  return urls.some((url) => typeof url === 'string' && /^https:\/\/openvex\.dev\/ns(?:[/@]|$)/.test(url));
}

function invalid(why: string, cause?: unknown): PlimsollError {
  return new PlimsollError('vex_invalid', `Cannot read the VEX document: expected ${FORMS}; ${why}.`, { cause });
}
