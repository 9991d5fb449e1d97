import { writeFiles } from './image.js';

/** Writes a folder in the layout of endoflife.date's repository: until when Alpine's and Debian's releases are supported. */
export async function writeLifecycles(folder: string, alpine: Record<string, string>): Promise<void> {
  await writeFiles(folder, {
    'products/alpine-linux.md': product('Alpine Linux', 'alpine-linux', alpine),
    'products/debian.md': product('Debian', 'debian', { 12: '2026-07-11' }),
  });
}

function product(title: string, name: string, ends: Record<string, string>): string {
  const releases = Object.entries(ends).map(([cycle, end]) => `  - releaseCycle: "${cycle}"\n    eol: ${end}\n`);
  return `---\ntitle: ${title}\npermalink: /${name}\nreleases:\n${releases.join('')}---\n\n# ${title}\n`;
}
