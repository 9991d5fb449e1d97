import type { MavenNames } from './pom-properties.js';

export interface Pom extends MavenNames {
  /** Names of licences, or where one has none its address. */
  licenses: string[];
}

/** Variables that are looked up for one project: those of a circle have no end. */
const MAX_STEPS = 100;
/** Characters of a name or version, and of what it is made of. */
const MAX_VALUE = 1_000;

/**
 * The project that a pom.xml describes. What it takes from its parent is known as far as it names that; variables are
 * replaced by its own properties, and what stays open is empty.
 */
export function parsePom(text: string): Pom {
  const values = new Map<string, string>();
  const licenses: { name: string; url: string }[] = [];
  scanElements(text, (path, content) => {
    if (path === 'project/licenses/license/name') licenses.push({ name: content, url: '' });
    else if (path === 'project/licenses/license/url') {
      const last = licenses.at(-1);
      if (last && last.url === '') last.url = content;
      else licenses.push({ name: '', url: content });
    } else if (!values.has(path) && content.length <= MAX_VALUE) values.set(path, content);
  });
  const own = (name: string) => values.get(`project/${name}`) || values.get(`project/parent/${name}`) || '';
  let steps = 0;
  const resolve = (value: string): string => {
    const whole = value.replace(/\$\{(?:project\.|pom\.)?([^}]+)\}/g, (_, name: string) => {
      steps += 1;
      if (steps > MAX_STEPS) return '';
      const path = `project/${name.replaceAll('.', '/')}`;
      return resolve(values.get(`project/properties/${name}`) ?? values.get(path) ?? own(name));
    });
    return whole.length > MAX_VALUE || whole.includes('${') ? '' : whole;
  };
  const names = licenses.map(({ name, url }) => name || url).filter((name) => name !== '');
  return {
    group: resolve(own('groupId')),
    artifact: resolve(values.get('project/artifactId') ?? ''),
    version: resolve(own('version')),
    licenses: [...new Set(names)],
  };
}

/** Elements of a pom that are asked for have at most this depth. */
const MAX_DEPTH = 4;

/**
 * Calls with the path and the text of each element that has only text: `project/parent/version`. Enough of XML for the
 * files that Maven writes, from front to back, and with nothing that a document could make grow.
 *
 * `saxes`, which reads the pom.xml of sources, is as fast and refuses what is no XML. Archives hold poms that nobody checked:
 * behind an ampersand in a description it takes all up to the next semicolon for an entity, and the version with it. The
 * names that Maven allows beside those of XML, as `&oslash;`, are faults to it too.
 */
function scanElements(text: string, found: (path: string, content: string) => void): void {
  const path: string[] = [];
  let depth = 0;
  let content: string | null = null;
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('<', at);
    if (open < 0) return;
    if (content !== null) content += decode(text.slice(at, open));
    const special = SPECIAL.find(({ begin }) => text.startsWith(begin, open));
    const close = text.indexOf(special?.end ?? '>', open + (special?.begin.length ?? 1));
    if (close < 0) return;
    at = close + (special?.end.length ?? 1);
    if (special) {
      if (special.begin === '<![CDATA[' && content !== null) content += text.slice(open + special.begin.length, close);
      continue;
    }
    const isEnd = text[open + 1] === '/';
    const isEmpty = text[close - 1] === '/';
    if (isEnd) {
      if (content !== null && depth <= MAX_DEPTH) found(path.join('/'), content.trim());
      content = null;
      depth = Math.max(0, depth - 1);
      path.length = Math.min(path.length, depth);
    } else if (!isEmpty) {
      depth += 1;
      if (depth <= MAX_DEPTH) path.push(/^[^\s>/]+/.exec(text.slice(open + 1, Math.min(close, open + 200)))?.[0] ?? '');
      content = '';
    }
  }
}

const SPECIAL = [
  { begin: '<!--', end: '-->' },
  { begin: '<![CDATA[', end: ']]>' },
  { begin: '<?', end: '?>' },
  { begin: '<!', end: '>' },
];

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
