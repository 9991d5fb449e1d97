import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CLUSTER_CONTROLS } from '../engine/control/cluster/cluster-controls.js';
import type { ClusterControl } from '../engine/control/cluster/cluster-subject.js';
import { customControl } from '../engine/control/cluster/custom/custom-control.js';
import { parseCustomControls } from '../engine/control/cluster/custom/parse-custom-controls.js';
import type { CoverageItem } from '../model/coverage.js';

/** Operators' own controls, and what of them could not be read. */
export interface OwnControls {
  controls: ClusterControl[];
  gaps: CoverageItem[];
}

const MAX_FILES = 100;
const MAX_BYTES = 4_000_000;

/**
 * Reads a file, or the YAML files of a folder in order of name; anew for each scan, so that a change counts from the next
 * one. What cannot be read is a gap: a control that is not judged must not look like one that passed.
 *
 * @param path null: the operator has none
 */
export async function readOwnControls(path: string | null): Promise<OwnControls> {
  const own: OwnControls = { controls: [], gaps: [] };
  if (path === null) return own;
  const taken = new Set(CLUSTER_CONTROLS.map(({ id }) => id));
  try {
    for (const file of await filesOf(path)) {
      if ((await stat(file)).size > MAX_BYTES) {
        own.gaps.push(gap(file, `it has more than ${MAX_BYTES} bytes`));
        continue;
      }
      const { controls, errors } = parseCustomControls(await readFile(file, 'utf8'), taken);
      for (const control of controls) {
        taken.add(control.id);
        own.controls.push(customControl(control));
      }
      own.gaps.push(...errors.map(({ line, column, message }) => gap(`${file}:${line}:${column}`, message)));
    }
  } catch (error) {
    own.gaps.push(gap(path, error instanceof Error ? error.message : String(error)));
  }
  return own;
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length > MAX_FILES) throw new Error(`it has ${names.length} files, and at most ${MAX_FILES} are read`);
  return names.map((name) => join(path, name));
}

function gap(subject: string, why: string): CoverageItem {
  return { code: 'file_unparsable', subject, message: `Own controls there were not judged: ${why}.` };
}
