/** Endings of what Java loads: archives of classes, of archives, and of plugins. */
const ENDINGS = ['jar', 'war', 'ear', 'par', 'sar', 'nar', 'kar', 'far', 'jpi', 'hpi', 'lpkg', 'rar', 'zap'] as const;
/** The others are also of files that are no zip archives at all. */
const SURE_ENDINGS = ['jar', 'war', 'ear', 'jpi', 'hpi', 'lpkg'];

/** In either case of letters. */
export const ARCHIVE_ENDINGS = ENDINGS.map((ending) => `.${ending}`);

/** Asked for every path of a layer: most end in none of these letters. */
export function isArchiveName(path: string): boolean {
  switch (path.charCodeAt(path.length - 1) | 0x20) {
    case 0x72: // r
    case 0x69: // i
    case 0x67: // g
    case 0x70: // p
      return ENDINGS.some((ending) => hasEnding(path, ending));
    default:
      return false;
  }
}

/** Whether what has this name is a zip archive, or broken. */
export function isSurelyArchive(path: string): boolean {
  return SURE_ENDINGS.some((ending) => hasEnding(path, ending));
}

function hasEnding(path: string, ending: string): boolean {
  const point = path.length - ending.length - 1;
  return point >= 0 && path[point] === '.' && path.slice(point + 1).toLowerCase() === ending;
}

export interface ArchiveName {
  /** `spring-core` of `lib/spring-core-5.3.20.jar`. */
  artifact: string;
  /** Null where the name has none. */
  version: string | null;
}

/** What builds add behind a version: a platform, or what became of the archive. */
const CLASSIFIER =
  /-(?:all|boot|dist|exec|fat|jar-with-dependencies|no_aop|runner|shaded|standalone|tests?|uber|(?:linux|osx|windows)-(?:x86_64|x86_32|aarch_64)(?:-fedora)?)$/i;
/** A group of letters and digits between hyphens that is a version: it begins with a number, or is a build. */
const VERSION_BEGINS = /^(?:\d|build\d|rc?\d+$)/i;

/** Maven names archives `artifact-version[-classifier].ending`, OSGi `symbolic.name_version.ending`. */
export function parseArchiveName(path: string): ArchiveName {
  const bare = bareName(path);
  if (bare.length > MAX_NAME) return { artifact: bare, version: null };
  const groups = bare.split('-');
  const at = groups.findIndex((group, index) => index > 0 && VERSION_BEGINS.test(group));
  if (at > 0)
    return { artifact: groups.slice(0, at).join('-'), version: groups.slice(at).join('-').replace(CLASSIFIER, '') };
  const [, artifact, version] = /^([A-Za-z][\w.-]*?)[_.](\d+(?:\.[\w-]+)+)$/.exec(bare) ?? [];
  if (artifact !== undefined && version !== undefined) return { artifact, version };
  return { artifact: bare.replace(CLASSIFIER, ''), version: null };
}

/** Characters that a file system allows in a name. */
const MAX_NAME = 255;

/** Without folders and ending. */
export function bareName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.slice(0, file.lastIndexOf('.'));
}

/** Archives of sources and documentation hold nothing that runs. */
export function isForReading(path: string): boolean {
  return /-(?:sources|javadoc)\.jar$/i.test(path);
}
