/** Every relative link of the documents leads somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const DOCUMENTS = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  ...readdirSync('bench')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('bench', name)),
];

const broken = DOCUMENTS.flatMap((document) =>
  [...readFileSync(document, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link.split('#')[0])
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .filter((link) => !existsSync(resolve(dirname(document), link)))
    .map((link) => `${document}: ${link} leads nowhere`),
);
for (const line of broken) console.log(line);
console.log(`${DOCUMENTS.length} documents, ${broken.length} broken links`);
process.exit(broken.length === 0 ? 0 : 1);
