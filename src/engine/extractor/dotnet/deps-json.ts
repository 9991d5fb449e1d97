import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';

const FILE = '.deps.json';
const LAST_LETTER = 'n'.charCodeAt(0);
/** The SDK puts it before the name of the runtime that a self-contained program brings along. */
const RUNTIME_PACK = 'runtimepack.';
/** What of a package is loaded when the program runs. */
const ASSETS = ['runtime', 'runtimeTargets', 'native'];

/**
 * What a published .NET program is made of: the file that its host reads to find its libraries (dotnet/sdk,
 * "runtime-configuration-file"). Libraries are NuGet packages, the runtime, and the program itself.
 */
export const depsJson: Extractor = {
  name: 'dotnet-deps',
  version: 1,
  maxBytes: 32 * 1024 * 1024,
  fixedPaths: [],
  candidates: { endings: [FILE] },
  wants(path: string): boolean {
    return path.charCodeAt(path.length - 1) === LAST_LETTER && path.endsWith(FILE);
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const document = parse(builder, contentOf(file));
    if (document) addLibraries(builder, document, programOf(file.path));
    return builder.build();
  },
};

/** `app` of `srv/app.deps.json`. */
function programOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -FILE.length);
}

type Json = { [key: string]: unknown };

function parse(builder: ExtractionBuilder, content: Buffer): Json | null {
  try {
    const document: unknown = JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
    if (isObject(document) && isObject(document.libraries)) return document;
    // Other tools give their files this name too.
    if (isObject(document) && (document.targets ?? document.runtimeTarget ?? document.libraries) === undefined)
      return null;
    builder.unparsable(null, 'no list of libraries');
  } catch {
    builder.unparsable(null, 'a JSON syntax error');
  }
  return null;
}

function addLibraries(builder: ExtractionBuilder, document: Json, program: string): void {
  const target = runtimeTarget(document);
  for (const [key, library] of Object.entries(document.libraries as Json)) {
    const [, name, version] = /^([^/]+)\/(.+)$/.exec(key) ?? [];
    if (!isObject(library) || name === undefined || version === undefined) {
      builder.unparsable(null, `a library ${JSON.stringify(key.slice(0, 100))} without name, version or type`);
    } else if (isInstalled(name, library.type, program) && hasAssets(target, key)) {
      builder.add({ type: 'nuget', name: withoutPrefix(name), version }, null);
    }
  }
}

/** Of the projects of a solution, only the program itself is told. */
function isInstalled(name: string, type: unknown, program: string): boolean {
  switch (typeof type === 'string' ? type.toLowerCase() : '') {
    case 'package':
    case 'runtimepack':
      return true;
    case 'project':
      return name === program;
    default:
      return false;
  }
}

/** Null where the program does not say for which of its targets it was published. */
function runtimeTarget({ runtimeTarget: chosen, targets }: Json): Json | null {
  const name = isObject(chosen) ? chosen.name : chosen;
  const target = isObject(targets) && typeof name === 'string' && Object.hasOwn(targets, name) ? targets[name] : null;
  return isObject(target) ? target : null;
}

/** Packages without are there to build, or stand for others. What the target does not name is kept. */
function hasAssets(target: Json | null, key: string): boolean {
  const library = target && Object.hasOwn(target, key) ? target[key] : null;
  return !isObject(library) || ASSETS.some((kind) => Object.hasOwn(library, kind));
}

function withoutPrefix(name: string): string {
  return name.startsWith(RUNTIME_PACK) ? name.slice(RUNTIME_PACK.length) : name;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
