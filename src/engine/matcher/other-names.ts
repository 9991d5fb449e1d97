import type { CoverageItem } from '../../model/coverage.js';
import type { Package } from '../../model/package.js';

/** Where names of projects are found. */
export interface MavenLookup {
  /** The projects, `group:artifact`, that advisories of the ecosystem Maven name, with one of these artifacts. */
  mavenProjects(artifacts: readonly string[]): Promise<string[]>;
}

/**
 * Under which other names a Maven project whose group was guessed may be known: every group that advisories have for its
 * artifact. Trivy asks a list of the digests of all archives of Maven Central and leaves out what is not in it; Syft
 * guesses, and Grype then looks for that name alone. Both read as clean where the guess is wrong. Nothing here knows
 * those digests, so what an archive might be is looked for too, and told as a gap where it would be vulnerable: most
 * archives without coordinates have an artifact that no advisory speaks of, and stay silent.
 *
 * @returns by the artifact, names `group:artifact`
 */
export async function otherNames(packages: readonly Package[], lookup: MavenLookup): Promise<Map<string, string[]>> {
  const guessed = packages.filter(({ type, isGroupGuessed }) => type === 'maven' && isGroupGuessed === true);
  const byArtifact = new Map<string, string[]>(guessed.map(({ name }) => [artifactOf(name), []]));
  if (byArtifact.size === 0) return byArtifact;
  const names = await lookup.mavenProjects([...byArtifact.keys()].sort());
  for (const name of [...new Set(names)].sort()) byArtifact.get(artifactOf(name))?.push(name);
  return byArtifact;
}

/** `log4j-core` of `org.apache.logging.log4j:log4j-core`. */
export function artifactOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** @param rules what affects the package, or may, if it is the project of another name; not empty */
export function nameUndetermined(
  { purl, name, version }: Package,
  rules: readonly { name: string; ruleId: string }[],
): CoverageItem {
  const [first, ...others] = rules;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return {
    code: 'name_undetermined',
    subject: purl,
    message:
      `The group of ${name} ${version} is a guess, as the archive does not tell it. It is affected by ` +
      `${first?.ruleId} if it is ${first?.name}${more}. Check by hand what it is.`,
  };
}
