import type { ExtractionBuilder } from '../../extraction-builder.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { type Dependency, type Project, readProject } from './pom-project.js';

/**
 * Maven's pom.xml (POM Reference): the dependencies that the project itself names, at the versions that the file itself
 * tells, in place, as properties or in its dependencyManagement. What only a parent, an imported bill of materials or a
 * repository knows, and a range of versions, is a gap; what dependencies need in turn is not in the file.
 *
 * Scopes other than `compile` and `runtime`, and optional dependencies, are no part of what is deployed.
 */
export const pom: LockfileFormat = {
  names: ['pom.xml'],
  // What Maven packs into an archive says how that was built.
  dependencies: /\/META-INF\/maven\//,
  read(builder, content) {
    const project = readProject(builder, content);
    if (!project) return;
    const managed = new Map(project.managed.map((entry) => [keyOf(project, entry), entry]));
    for (const dependency of project.dependencies) {
      addDependency(builder, project, dependency, managed.get(keyOf(project, dependency)));
    }
  },
};

function keyOf(project: Project, { groupId = '', artifactId = '' }: Dependency): string {
  return `${expand(project, groupId)}:${expand(project, artifactId)}`;
}

function addDependency(
  builder: ExtractionBuilder,
  project: Project,
  dependency: Dependency,
  managed: Dependency | undefined,
): void {
  const resolve = (text: string | undefined) => (text === undefined ? undefined : expand(project, text));
  const group = resolve(dependency.groupId);
  const artifact = resolve(dependency.artifactId);
  if (!group || !artifact || /\$\{/.test(group + artifact)) {
    builder.unparsable(dependency.line, 'a dependency that this file alone does not name');
    return;
  }
  const scope = resolve(dependency.scope ?? managed?.scope) || 'compile';
  if ((scope !== 'compile' && scope !== 'runtime') || resolve(dependency.optional ?? managed?.optional) === 'true')
    return;
  const version = exactVersion(resolve(dependency.version ?? managed?.version));
  if (version === null) {
    builder.unparsable(dependency.line, `no version of ${group}:${artifact} that this file alone tells`.slice(0, 200));
  } else builder.add({ type: 'maven', name: `${group}:${artifact}`, version }, dependency.line);
}

/** `1.0`, or `[1.0]`, which allows no other; null for a range, a property without value, or a word for the newest. */
function exactVersion(version: string | undefined): string | null {
  const exact = /^\[([^,[\]]+)\]$/.exec(version ?? '')?.[1] ?? version ?? '';
  return /^(?:LATEST|RELEASE)?$|[[\](),$]/.test(exact) ? null : exact;
}

/** How often properties may name others in turn, and how long a value may become. */
const MAX_DEPTH = 10;
const MAX_VALUE = 512;
const PROPERTY = /\$\{([^${}]{1,200})\}/g;

/** With the properties that the file knows in their places; what it does not know stays as it is. */
function expand({ values, properties }: Project, text: string): string {
  let value = text;
  for (let depth = 0; depth < MAX_DEPTH && value.includes('${') && value.length <= MAX_VALUE; depth += 1) {
    value = value.replace(
      PROPERTY,
      (whole, name: string) => values.get(name.trim()) ?? properties.get(name.trim()) ?? whole,
    );
  }
  return value.trim();
}
