/** What Maven wrote into an archive about itself; empty where it says nothing. */
export interface MavenNames {
  group: string;
  artifact: string;
  version: string;
}

/** META-INF/maven/…/pom.properties: the format of java.util.Properties, of which Maven uses little. */
export function parsePomProperties(content: Buffer): MavenNames {
  const values = new Map<string, string>();
  for (const text of content.toString('latin1').split(/[\r\n]+/)) {
    const line = text.trim();
    const separator = line.search(/[=:]/);
    if (separator <= 0 || line.startsWith('#') || line.startsWith('!')) continue;
    values.set(
      line.slice(0, separator).trim(),
      line
        .slice(separator + 1)
        .trim()
        .replace(/\\(.)/g, '$1'),
    );
  }
  const get = (key: string) => {
    const value = values.get(key) ?? '';
    return value.includes('${') ? '' : value;
  };
  return { group: get('groupId'), artifact: get('artifactId'), version: get('version') };
}
