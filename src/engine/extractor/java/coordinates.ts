import { type ArchiveName, bareName, parseArchiveName } from './archive-name.js';
import { knownGroup } from './known-groups.js';
import type { Manifest } from './manifest.js';
import type { MavenNames } from './pom-properties.js';

/** What an archive tells about itself. */
export interface Evidence {
  /** Path of the archive. */
  path: string;
  manifest: Manifest;
  /** What Maven wrote into it: about itself, and about archives whose classes were taken over. */
  maven: readonly MavenNames[];
  /** The folder that all its classes have in common: `org/springframework`. */
  classFolder: string;
}

/**
 * Which of the projects that Maven wrote into an archive is the archive itself; null where it is none of them, or that
 * cannot be told.
 */
export function ownProject({ path, maven, manifest }: Evidence): MavenNames | null {
  const bare = bareName(path);
  const { artifact, version } = parseArchiveName(path);
  const isNamed = (name: string) =>
    maven.find((one) => name === one.artifact || name === `${one.group}.${one.artifact}`);
  // A name without version was given to it by someone else than its build.
  const single = version === null && maven.length === 1 ? maven.find((one) => mayBe(one, manifest)) : undefined;
  return (
    maven.find((one) => one.version !== '' && bare.startsWith(`${one.artifact}-${one.version}`)) ??
    isNamed(artifact) ??
    isNamed(bare) ??
    single ??
    maven.find((one) => one.artifact.startsWith(artifact) || artifact.endsWith(one.artifact)) ??
    null
  );
}

/** Whether an archive with this manifest may be a project: not where it has another version. */
function mayBe({ version }: MavenNames, manifest: Manifest): boolean {
  const stated = firstWord(manifest.get('implementation-version'));
  if (stated !== null) return stated === version;
  // Bundles have three numbers and no hyphen before what follows.
  const bundled = /^\d+/.exec(manifest.get('bundle-version') ?? '');
  return bundled === null || bundled[0] === /^\d+/.exec(version)?.[0];
}

/** Coordinates that Maven did not write. */
export interface Guess extends MavenNames {
  /** Whether the group is neither said by the build nor known, but derived from what often holds it. */
  isGroupGuessed: boolean;
}

/**
 * Coordinates of an archive in which Maven wrote nothing about it: the artifact and version by its name, else by its
 * manifest. The group is what comes first of: a build's own words in the manifest, a table of projects that are built
 * otherwise, the manifest's attributes that often hold it, the folder of the classes; and where all are silent the
 * artifact, as groups of old were named. Null where there is no version, or it only extends another archive at run time.
 */
export function guessCoordinates(evidence: Evidence): Guess | null {
  const { manifest, path } = evidence;
  if (manifest.has('weave-classes')) return null;
  const stated = statedByBuild(manifest);
  const named = nameOf(path, manifest);
  const version = named.version ?? stated?.version ?? manifestVersion(manifest);
  if (version === null) return null;
  const artifact = named.version === null ? (stated?.artifact ?? titleOf(manifest) ?? named.artifact) : named.artifact;
  if (artifact === '') return null;
  const tomcat = manifest.get('implementation-title') === 'Apache Tomcat' ? TOMCAT[artifact] : undefined;
  if (tomcat !== undefined) return { group: 'org.apache.tomcat', artifact: tomcat, version, isGroupGuessed: false };
  const known = stated?.group ?? knownGroup(artifact, version);
  if (known !== null) return { group: known, artifact, version, isGroupGuessed: false };
  return { ...withGroup(evidence, artifact, version), version };
}

/** `Implementation-Title: org.elasticsearch#elasticsearch-core;7.17.0`, as Gradle's plugin nebula.info writes it. */
function statedByBuild(manifest: Manifest): MavenNames | null {
  const title = manifest.get('implementation-title') ?? '';
  const [, group, artifact, version] = /^([\w.-]+)#([\w.-]+);([\w.+-]+)$/.exec(title) ?? [];
  if (group !== undefined && artifact !== undefined && version !== undefined) return { group, artifact, version };
  // Plugins of Jenkins.
  const [plugin, pluginVersion] = [manifest.get('short-name'), firstWord(manifest.get('plugin-version'))];
  const pluginGroup = manifest.get('group-id');
  if (!plugin || !pluginVersion || !pluginGroup) return null;
  return { group: pluginGroup, artifact: plugin, version: pluginVersion };
}

/** The name ends with the manifest's version, or else with what looks like one. */
function nameOf(path: string, manifest: Manifest): ArchiveName {
  const bare = bareName(path);
  for (const version of [manifest.get('implementation-version'), manifest.get('bundle-version')]) {
    if (version !== undefined && bare.length > version.length + 1 && bare.endsWith(`-${version}`)) {
      return { artifact: bare.slice(0, -version.length - 1), version };
    }
  }
  return parseArchiveName(path);
}

function manifestVersion(manifest: Manifest): string | null {
  for (const name of ['implementation-version', 'specification-version', 'plugin-version', 'bundle-version']) {
    const version = firstWord(manifest.get(name));
    if (version !== null && /^[\w.+-]*\d[\w.+-]*$/.test(version)) return version;
  }
  return null;
}

function firstWord(text: string | undefined): string | null {
  return text?.split(/\s/, 1)[0] || null;
}

/** A title is what people read, but builds often write the artifact there. */
function titleOf(manifest: Manifest): string | null {
  const title = manifest.get('implementation-title') ?? manifest.get('specification-title') ?? '';
  return /^[A-Za-z][\w-]*(?:\.[\w-]+)*$/.test(title) ? title : null;
}

function withGroup(
  evidence: Evidence,
  artifact: string,
  version: string,
): { group: string; artifact: string; isGroupGuessed: boolean } {
  const { manifest } = evidence;
  const vendor = ['group-id', 'implementation-vendor-id', 'implementation-vendor', 'specification-vendor']
    .map((name) => manifest.get(name) ?? '')
    .find(isGroup);
  if (vendor !== undefined) return guess(vendor, withoutPrefix(artifact, `${vendor}.`));
  const symbolic = /^[^;\s]*/.exec(manifest.get('bundle-symbolicname') ?? '')?.[0] ?? '';
  if (artifact === symbolic && isGroup(symbolic)) return guess(symbolic.replace(/\.[^.]*$/, ''), artifact);
  const split = splitName(artifact);
  if (split !== null) {
    const known = knownGroup(split.artifact, version);
    return { ...guess(known ?? split.group, split.artifact), isGroupGuessed: known === null };
  }
  const group =
    groupOfBundle(symbolic, artifact) ??
    groupOfFolder(evidence.classFolder, artifact) ??
    [manifest.get('extension-name'), manifest.get('automatic-module-name')].find(
      (name) => name !== undefined && isGroup(name),
    ) ??
    artifact;
  return guess(group, artifact);
}

function guess(group: string, artifact: string) {
  return { group, artifact, isGroupGuessed: true };
}

/** Builds of sbt name archives by group and artifact: `org.scala-lang.scala-library`, `com.typesafe.akka.akka-actor_2.13`. */
function splitName(name: string): { group: string; artifact: string } | null {
  const points = [...name.matchAll(/\.(?=[A-Za-z])/g)].map(({ index }) => index);
  const at = points.at(-1);
  if (at === undefined || points.length < 2) return null;
  const [group, artifact] = [name.slice(0, at), name.slice(at + 1)];
  return isGroup(group) ? { group, artifact } : null;
}

/**
 * Bundles are named `group.artifact`, and where the artifact begins with the group's last part that stands there once:
 * `org.apache.maven.core` of org.apache.maven:maven-core.
 */
function groupOfBundle(symbolic: string, artifact: string): string | null {
  for (const separator of ['.', '-']) {
    const ending = `${separator}${artifact}`;
    if (symbolic.endsWith(ending) && isGroup(symbolic.slice(0, -ending.length)))
      return symbolic.slice(0, -ending.length);
  }
  const point = symbolic.lastIndexOf('.');
  const group = symbolic.slice(0, Math.max(0, point));
  const last = group.slice(group.lastIndexOf('.') + 1);
  return isGroup(group) && artifact === `${last}-${symbolic.slice(point + 1)}` ? group : null;
}

/** Domains of many projects, whose groups have a part more. */
const HOSTS = new Set(
  'com.amazonaws com.github com.google com.microsoft com.sun io.github org.apache org.codehaus org.eclipse org.jboss'.split(
    ' ',
  ),
);

/** The classes of io.micrometer:micrometer-core are in io/micrometer/core: what the artifact says is not of the group. */
function groupOfFolder(folder: string, artifact: string): string | null {
  const parts = folder.split('/');
  const words = new Set(artifact.toLowerCase().split(/[-_.]/));
  const least = HOSTS.has(parts.slice(0, 2).join('.')) ? 3 : 2;
  while (parts.length > least && words.has((parts.at(-1) ?? '').toLowerCase())) parts.pop();
  const group = parts.slice(0, 4).join('.');
  return isGroup(group) ? group : null;
}

/** A domain backwards. */
function isGroup(text: string): boolean {
  return /^(?:com|org|net|edu|gov|info|biz|dev|app|[a-z]{2})(?:\.[A-Za-z][\w-]*)+$/.test(text);
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** Archives of a Tomcat server, and the artifacts that the same ones are published as. */
const TOMCAT: Record<string, string> = {
  'annotations-api': 'tomcat-annotations-api',
  catalina: 'tomcat-catalina',
  'catalina-ant': 'tomcat-catalina-ant',
  'catalina-ha': 'tomcat-catalina-ha',
  'catalina-ssi': 'tomcat-ssi',
  'catalina-storeconfig': 'tomcat-storeconfig',
  'catalina-tribes': 'tomcat-tribes',
  'el-api': 'tomcat-el-api',
  jasper: 'tomcat-jasper',
  'jasper-el': 'tomcat-jasper-el',
  'jaspic-api': 'tomcat-jaspic-api',
  'jsp-api': 'tomcat-jsp-api',
  'servlet-api': 'tomcat-servlet-api',
  'websocket-api': 'tomcat-websocket-api',
  'websocket-client-api': 'tomcat-websocket-client-api',
};
