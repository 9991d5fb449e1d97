/** Refuses a dependency that is shipped under a licence that Apache-2.0 software cannot be shipped with. */
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const checker = createRequire(import.meta.url)('license-checker-rseidelsohn');

const ALLOWED = new Set([
  'Apache-2.0',
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'Python-2.0',
  'Unlicense',
  'PostgreSQL',
]);

/** Packages whose package.json states no SPDX expression, and what their licence file says. */
const READ_BY_HAND = {};

const packages = await promisify(checker.init)({
  start: process.cwd(),
  production: true,
  excludePrivatePackages: true,
});
const refused = Object.entries(packages).filter(
  ([id, { licenses }]) => !isAllowed(READ_BY_HAND[nameOf(id)] ?? licenses),
);
for (const [id, { licenses }] of refused) console.log(`${id}: ${licenses}`);
console.log(`${Object.keys(packages).length} packages, ${refused.length} refused`);
process.exit(refused.length === 0 ? 0 : 1);

/** `(MIT OR GPL-3.0)` is allowed for its first half, `MIT AND ISC` for both. A `*` marks a guess from the licence file. */
function isAllowed(licence) {
  const words = [licence].flat().join(' AND ').replaceAll(/[()*]/g, '');
  return words.split(' OR ').some((choice) => choice.split(' AND ').every((id) => ALLOWED.has(id.trim())));
}

function nameOf(id) {
  return id.slice(0, id.lastIndexOf('@'));
}
