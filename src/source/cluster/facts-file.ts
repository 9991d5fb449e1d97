import { z } from 'zod';
import { marksOf, mayHoldOver } from '../../engine/extractor/value-count.js';
import { CLUSTER_FACTS_VERSION, type ClusterFacts } from '../../model/cluster/cluster-facts.js';
import { PlimsollError } from '../../model/error.js';
import { forbiddenKey, isDeeper } from '../host/json-limits.js';
import { clusterFactsSchema } from './facts-schema.js';

/** The key that makes a JSON object a facts file of a cluster, with the version of its form. It comes first. */
const KEY = 'plimsollClusterFacts';

/** Each value takes up to some 60 bytes of memory. */
const MAX_VALUES = 8_000_000;
const MARKS = marksOf(',:[{');

/** Facts are twenty deep; policies of vendors and configurations, which are among them, may be deeper. */
const MAX_DEPTH = 100;

const header = z.object({ [KEY]: z.number().int().min(1) });

/** The content of a facts file: JSON. */
export function writeClusterFacts({ version, ...facts }: ClusterFacts): string {
  return `${JSON.stringify({ [KEY]: version, ...facts })}\n`;
}

/** Whether a file that begins so is a facts file of a cluster: it need not be whole. */
export function mayBeClusterFacts(start: Buffer): boolean {
  return new RegExp(`^(?:\uFEFF)?\\s*\\{\\s*"${KEY}"`).test(start.toString('utf8', 0, 512));
}

/**
 * Reads what `writeClusterFacts` wrote, or whatever somebody sent in its place: everything is checked, lists and texts are
 * bounded, and what is not known is left out. Calls block, and take several times the memory of the content.
 *
 * @param label as messages call it
 * @throws PlimsollError `facts_invalid` with the first fault
 */
export function readClusterFacts(content: Buffer, label: string): ClusterFacts {
  const refuse = (why: string, cause?: unknown) => {
    const message = `${label} is no valid facts file: ${why}. Collect the facts again with plimsoll collect cluster.`;
    return new PlimsollError('facts_invalid', message, { cause });
  };
  if (mayHoldOver(MAX_VALUES, content, MARKS)) throw refuse(`it has more than ${MAX_VALUES} values`);
  if (isDeeper(content, MAX_DEPTH)) throw refuse(`it is nested more than ${MAX_DEPTH} deep`);
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw refuse('expected JSON', error);
  }
  const form = header.safeParse(value);
  if (!form.success) throw refuse(`expected a JSON object with "${KEY}" and the number of its form`);
  if (form.data[KEY] > CLUSTER_FACTS_VERSION) {
    const message = `${label} has the form ${form.data[KEY]} of facts files, and this service reads forms up to ${CLUSTER_FACTS_VERSION}: update the service, or collect the facts with the plimsoll command of its version.`;
    throw new PlimsollError('facts_invalid', message);
  }
  const forbidden = forbiddenKey(value);
  if (forbidden !== null) throw refuse(`it has a key "${forbidden}"`);
  const checked = clusterFactsSchema.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const place = issue?.path.map(String).join('.').slice(0, 200) || 'the whole';
    throw refuse(`${place}: ${issue?.message ?? 'not as expected'}`, checked.error);
  }
  return { version: CLUSTER_FACTS_VERSION, ...checked.data };
}
