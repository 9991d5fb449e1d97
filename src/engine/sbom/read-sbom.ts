import { z } from 'zod';
import { PlimsollError } from '../../model/error.js';
import { readCyclonedx } from './cyclonedx.js';
import { cyclonedxOfXml, NotCyclonedxXml } from './cyclonedx-xml.js';
import { withoutEnvelope } from './envelope.js';
import type { SbomFacts } from './sbom-facts.js';
import { readSpdx } from './spdx.js';
import { spdxOfTagValue } from './spdx-tag-value.js';

/** The forms that are read, as messages list them. */
const FORMS = 'CycloneDX 1.2 to 1.7 as JSON or XML, or SPDX 2.2 or 2.3 as JSON or tag-value';

/** One for each 16 bytes of the largest document that is read. */
const MAX_OBJECTS = 4_000_000;
const BRACE = '{'.charCodeAt(0);
const BRACKET = '['.charCodeAt(0);

/** How many first bytes `mayBeSbom` looks at. */
export const SBOM_START = 4_096;

/** Whether a file begins as an SBOM may: a file system in an archive never does. */
export function mayBeSbom(start: Buffer): boolean {
  const text = textOf(start.subarray(0, SBOM_START)).trimStart();
  return text.startsWith('{') || text.startsWith('<') || /^SPDXVersion:/m.test(text);
}

/**
 * Reads an SBOM, whichever of the known forms it has. It blocks: it is for a thread.
 *
 * @param name of the file, for messages
 * @throws PlimsollError `sbom_invalid` for another form, `limit_exceeded`
 */
export function readSbom(content: Buffer, name: string): SbomFacts {
  const text = textOf(content);
  try {
    return readText(text, text.trimStart().slice(0, 1));
  } catch (error) {
    if (error instanceof z.ZodError) {
      const [issue] = error.issues;
      throw invalid(name, `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'invalid'}`, error);
    }
    if (error instanceof UnknownForm || error instanceof NotCyclonedxXml) {
      throw invalid(name, `it is ${error.message}`, error);
    }
    throw error;
  }
}

/** What a document is instead of one that is read, as the object of "it is". */
class UnknownForm extends Error {}

function readText(text: string, first: string): SbomFacts {
  switch (first) {
    case '{':
      return readJson(text);
    case '<': {
      const { specVersion, bom } = cyclonedxOfXml(text.trimStart());
      return readKnownCyclonedx(bom, specVersion);
    }
    default:
      if (!/^SPDXVersion:/m.test(text.slice(0, SBOM_START))) throw new UnknownForm('none of these by its first line');
      return readKnown(spdxOfTagValue(text));
  }
}

function readJson(text: string): SbomFacts {
  checkObjects(text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UnknownForm(`damaged JSON (${(error as Error).message.slice(0, 100)})`);
  }
  return readKnown(withoutEnvelope(json));
}

/**
 * Each object and list takes more memory than its text: a file of nothing but brackets would fill the thread's, slowly.
 * Those in texts are counted too, of which a document has few.
 */
function checkObjects(text: string): void {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BRACE || code === BRACKET) count += 1;
  }
  if (count <= MAX_OBJECTS) return;
  throw new PlimsollError('limit_exceeded', `The SBOM has more than ${MAX_OBJECTS} objects and lists: split it.`);
}

const KIND = z.object({
  bomFormat: z.string().nullish().catch(null),
  specVersion: z.string().nullish().catch(null),
  spdxVersion: z.string().nullish().catch(null),
  '@context': z.unknown().optional(),
});

function readKnown(json: unknown): SbomFacts {
  const { bomFormat, specVersion, spdxVersion, '@context': context } = KIND.parse(json);
  if (bomFormat === 'CycloneDX') return readKnownCyclonedx(json, specVersion ?? '');
  if (/^SPDX-2\.[23](?:\.\d+)?$/.test(spdxVersion ?? '')) return readSpdx(json);
  if (spdxVersion) throw new UnknownForm(shown(spdxVersion));
  throw new UnknownForm(
    context === undefined ? 'JSON with neither "bomFormat" nor "spdxVersion"' : 'JSON-LD, as SPDX 3 is',
  );
}

function readKnownCyclonedx(json: unknown, specVersion: string): SbomFacts {
  if (!/^1\.[2-7]$/.test(specVersion)) throw new UnknownForm(`CycloneDX ${shown(specVersion) || 'of no version'}`);
  return readCyclonedx(json);
}

function shown(version: string): string {
  return version.slice(0, 40);
}

/** UTF-8, or UTF-16 with its byte order mark, as Windows writes what a command prints. */
function textOf(content: Buffer): string {
  if (content[0] === 0xff && content[1] === 0xfe) return new TextDecoder('utf-16le').decode(content);
  if (content[0] === 0xfe && content[1] === 0xff) return new TextDecoder('utf-16be').decode(content);
  return content.toString('utf8').replace(/^\uFEFF/, '');
}

function invalid(name: string, why: string, cause: unknown): PlimsollError {
  const message = `${name} cannot be read as an SBOM: expected ${FORMS}, but ${why}.`;
  // It quotes the file, and goes to a database.
  return new PlimsollError('sbom_invalid', message.replace(/\p{Cc}/gu, ' ').toWellFormed(), { cause });
}
