import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import type { FileView } from '../file-view.js';
import { TextLines } from '../text-lines.js';

const WHEEL = '.dist-info/METADATA';
const EGG_FOLDERS = ['.egg-info/PKG-INFO', '/EGG-INFO/PKG-INFO'];
const EGG_FILE = '.egg-info';
const LAST_OF_METADATA = 'A'.charCodeAt(0);
const LAST_OF_PKG_INFO = 'O'.charCodeAt(0);
const LAST_OF_EGG_INFO = 'o'.charCodeAt(0);
/** How far fields are looked for, bytes: a description may follow that is as long as a book. */
const HEADER = 1024 * 1024;
/** A field that holds a whole text, as a license may, is of no use. */
const MAX_VALUE = 4096;

/**
 * Python packages, as pip, setuptools and distutils leave their metadata behind: `*.dist-info/METADATA` of a wheel,
 * `*.egg-info/PKG-INFO` and `EGG-INFO/PKG-INFO` of an egg, or one file `*.egg-info` (Python packaging specifications,
 * "Recording installed projects" and "Core metadata").
 */
export const python: Extractor = {
  name: 'python',
  version: 1,
  maxBytes: 16 * 1024 * 1024,
  fixedPaths: [],
  candidates: { endings: [WHEEL, ...EGG_FOLDERS, EGG_FILE] },
  wants(path: string): boolean {
    switch (path.charCodeAt(path.length - 1)) {
      case LAST_OF_METADATA:
        return path.endsWith(WHEEL);
      case LAST_OF_PKG_INFO:
        return EGG_FOLDERS.some((ending) => path.endsWith(ending));
      case LAST_OF_EGG_INFO:
        return path.endsWith(EGG_FILE);
      default:
        return false;
    }
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const fields = readHeader(file.read(0, HEADER));
    const name = fields.get('name')?.[0];
    const version = fields.get('version')?.[0];
    // The interpreter of Python 2 described itself, and its standard library, so: it is no package.
    if (name === 'Python') return builder.build();
    if (!name || !version) builder.unparsable(1, name ? `no version of ${name.slice(0, 100)}` : 'no package name');
    else builder.add({ type: 'pypi', name, version, licenses: licensesOf(fields) }, 1);
    return builder.build();
  },
};

type Fields = Map<string, string[]>;

const WANTED = new Set(['name', 'version', 'license-expression', 'license', 'classifier']);

/**
 * The fields before the body, which an empty line begins, or, as Python's own reader has it, the first line that is
 * neither a field nor the rest of one. Names are not case-sensitive.
 */
function readHeader(content: Buffer): Fields {
  const fields: Fields = new Map();
  const lines = new TextLines(content);
  let values: string[] | null = null;
  while (lines.next() && !lines.isEmpty) {
    const first = lines.byte(0);
    if (first === 0x20 || first === 0x09) {
      const last = values?.at(-1);
      if (values && last !== undefined && last.length < MAX_VALUE)
        values[values.length - 1] = `${last}\n${lines.text(0)}`;
      continue;
    }
    const line = lines.text(0).replace(/^\uFEFF/, '');
    const colon = line.indexOf(':');
    if (colon <= 0 || line.slice(0, colon).includes(' ')) break;
    const name = line.slice(0, colon).toLowerCase();
    values = WANTED.has(name) ? (fields.get(name) ?? []) : null;
    if (!values) continue;
    values.push(line.slice(colon + 1).trim());
    fields.set(name, values);
  }
  return fields;
}

/**
 * License-Expression, which takes the place of the others; License where it is one line, as it may hold a whole text;
 * or what the classifiers name: `License :: OSI Approved :: MIT License`.
 */
function licensesOf(fields: Fields): string[] {
  const [expression] = fields.get('license-expression') ?? [];
  if (expression) return [expression];
  const [license = ''] = fields.get('license') ?? [];
  // setuptools wrote UNKNOWN for what was not given.
  if (license !== '' && license !== 'UNKNOWN' && !license.includes('\n')) return [license];
  const names = (fields.get('classifier') ?? []).flatMap((classifier) => {
    const [kind, ...path] = classifier.split(' :: ');
    const name = kind === 'License' ? path.at(-1)?.trim() : undefined;
    return name && name !== 'OSI Approved' ? [name] : [];
  });
  return [...new Set(names)];
}
