import { z } from 'zod';
import { marksOf, mayHoldOver } from '../../engine/extractor/value-count.js';
import { listPackages } from '../../engine/package-list.js';
import { PlimsollError } from '../../model/error.js';
import { HOST_FACTS_VERSION, type HostFacts } from '../../model/host/host-facts.js';
import { factsSchema } from './facts-schema.js';
import { forbiddenKey, isDeeper } from './json-limits.js';

/** The key that makes a JSON object a facts file, with the version of its form. It comes first. */
const KEY = 'plimsollHostFacts';

/** Each value takes up to some 60 bytes of memory. */
const MAX_VALUES = 4_000_000;
const MARKS = marksOf(',:[{');

/** Facts are ten deep; daemon.json, which is among them, may be deeper. */
const MAX_DEPTH = 100;

const header = z.object({ [KEY]: z.number().int().min(1) });

/** The content of a facts file: JSON. */
export function writeFacts({ version, ...facts }: HostFacts): string {
  return `${JSON.stringify({ [KEY]: version, ...facts }, storable, 1)}\n`;
}

/** Whether a file that begins so is a facts file: it need not be whole. */
export function mayBeFacts(start: Buffer): boolean {
  return new RegExp(`^(?:\uFEFF)?\\s*\\{\\s*"${KEY}"`).test(start.toString('utf8', 0, 512));
}

/**
 * Reads what `writeFacts` wrote, or whatever somebody sent in its place: everything is checked, lists and texts are
 * bounded, and what is not known is left out. Calls block, and take several times the memory of the content.
 *
 * @param name as messages call it
 * @throws PlimsollError `facts_invalid` with the first fault
 */
export function readFacts(content: Buffer, name: string): HostFacts {
  const refuse = (why: string, cause?: unknown) => {
    const message = `${name} is no valid facts file: ${why}. Collect the facts again with plimsoll collect host.`;
    return new PlimsollError('facts_invalid', message, { cause });
  };
  if (mayHoldOver(MAX_VALUES, content, MARKS)) throw refuse(`it has more than ${MAX_VALUES} values`);
  if (isDeeper(content, MAX_DEPTH)) throw refuse(`it is nested more than ${MAX_DEPTH} deep`);
  const value = parse(content, refuse);
  const form = header.safeParse(value);
  if (!form.success) throw refuse(`expected a JSON object with "${KEY}" and the number of its form`);
  if (form.data[KEY] > HOST_FACTS_VERSION) {
    const message = `${name} has the form ${form.data[KEY]} of facts files, and this service reads forms up to ${HOST_FACTS_VERSION}: update the service, or collect the facts with the plimsoll command of its version.`;
    throw new PlimsollError('facts_invalid', message);
  }
  const forbidden = forbiddenKey(value);
  if (forbidden !== null) throw refuse(`it has a key "${forbidden}"`);
  const checked = factsSchema.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const place = issue?.path.map(String).join('.').slice(0, 200) || 'the whole';
    throw refuse(`${place}: ${issue?.message ?? 'not as expected'}`, checked.error);
  }
  return withOwnPackages({ version: HOST_FACTS_VERSION, ...checked.data }, name);
}

/** PostgreSQL stores neither NUL nor unpaired surrogates, and names of files may hold anything. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value;
}

function parse(content: Buffer, refuse: (why: string, cause: unknown) => PlimsollError): unknown {
  try {
    return JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw refuse('expected JSON', error);
  }
}

/** What a package is called by purl and ecosystem follows from the rest, and is not taken from anybody's word. */
function withOwnPackages(facts: HostFacts, name: string): HostFacts {
  const { packages, distribution } = facts;
  if (!packages.known) return facts;
  const known = distribution.known ? distribution.value : null;
  const found = packages.value.map(({ purl, ecosystem, locations, ...rest }) => {
    return { found: rest, locations, distribution: known };
  });
  const listed = listPackages(found, {
    nothing: { code: 'nothing_recognised', subject: name, message: `${name} lists no packages.` },
    noDistribution: { subject: name, why: `${name} does not say which distribution the host has` },
    unnameable: ({ name: called, version }) => ({
      code: 'file_unparsable',
      subject: name,
      message: `The facts name a package "${called}" ${version}, which no package URL can name: it was not matched.`,
    }),
  });
  const gaps = listed.unnameable.slice(0, 20).map(({ message }) => message);
  return { ...facts, packages: { known: true, value: listed.packages, gaps: [...packages.gaps, ...gaps] } };
}
