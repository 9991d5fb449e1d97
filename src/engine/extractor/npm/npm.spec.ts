import { expect, it } from 'vitest';
import { MemoryFile } from '../file-view.js';
import { npm } from './npm.js';

it('finds npm packages in every layout that runs, and in no store or list', () => {
  const wanted = [
    'app/node_modules/.pnpm/ms@2.1.3/node_modules/ms/package.json',
    'app/node_modules/.bun/@s+ms@2.1.3/node_modules/@s/ms/package.json',
    'app/node_modules/.deno/ms@2.1.3/node_modules/ms/package.json',
    'app/.yarn/unplugged/fsevents-npm-2.3.3-ce9fb0ffae/node_modules/fsevents/package.json',
    'usr/local/share/.cache/yarn/v6/npm-ms-2.1.3-574c8138ce1d2b5861f0b44579dbadd60c6615b2-integrity/node_modules/ms/package.json',
    'usr/local/lib/node_modules/npm/node_modules/ms/package.json',
    'usr/local/lib/node_modules/corepack/package.json',
    'opt/yarn-v1.22.22/package.json',
    'app/node_modules/next/dist/compiled/@babel/runtime/package.json',
  ];
  const not = [
    'app/package.json',
    'root/.local/share/pnpm/store/v10/files/00/2b1a-index.json',
    'app/node_modules/.package-lock.json',
    'app/node_modules/rxjs/ajax/package.json',
    'app/node_modules/terser/bin/package.json',
    'app/dist/compiled/ws/package.json',
    'opt/yarn/package.json',
  ];
  expect([...wanted, ...not].filter((path) => npm.wants(path))).toEqual(wanted);
});

it('misses no version of a copy that was cut down to steer the module loader', () => {
  const read = (path: string) => npm.extract(new MemoryFile(path, Buffer.from('{"name":"ws","main":"index.js"}')));
  expect(read('node_modules/next/dist/compiled/ws/package.json')).toMatchObject({ packages: [], gaps: [] });
  expect(read('node_modules/ws/package.json').gaps).toHaveLength(1);
});

it('takes a license by its name in any of the forms that manifests had', () => {
  const manifest = { name: 'a', version: '1.0.0', license: ['MIT', { type: 'ISC' }], licenses: { type: 'BSD' } };
  const { packages } = npm.extract(
    new MemoryFile('node_modules/a/package.json', Buffer.from(JSON.stringify(manifest))),
  );
  expect(packages[0]?.licenses).toEqual(['MIT', 'ISC', 'BSD']);
});
