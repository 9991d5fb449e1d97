import { describe, expect, it } from 'vitest';
import type { Extraction } from '../extractor.js';
import { MemoryFile } from '../file-view.js';
import { depsJson } from './deps-json.js';

const read = (document: unknown, path = 'app/Shop.deps.json'): Extraction => {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  return depsJson.extract(new MemoryFile(path, Buffer.from(text)));
};
const names = ({ packages }: Extraction) => packages.map(({ type, name, version }) => `${type} ${name} ${version}`);

const TARGET = '.NETCoreApp,Version=v8.0/linux-x64';
const SHOP = {
  runtimeTarget: { name: TARGET, signature: '' },
  targets: {
    '.NETCoreApp,Version=v8.0': {},
    [TARGET]: {
      'Shop/1.0.0': { dependencies: { 'Newtonsoft.Json': '13.0.1' }, runtime: { 'Shop.dll': {} } },
      'Newtonsoft.Json/13.0.1': { runtime: { 'lib/netstandard2.0/Newtonsoft.Json.dll': {} } },
      'Libuv/1.9.1': { runtimeTargets: { 'runtimes/linux-x64/native/libuv.so': {} } },
      'SQLitePCLRaw.lib/2.1.0': { native: { 'runtimes/x.so': {} } },
      'NETStandard.Library/2.0.3': { dependencies: { 'Microsoft.NETCore.Platforms': '1.1.0' } },
      'Analyzers/3.0.0': { compile: { 'x.dll': {} } },
      'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { runtime: { 'System.dll': {} } },
      'Data/1.0.0': { runtime: { 'Data.dll': {} } },
    },
  },
  libraries: {
    'Shop/1.0.0': { type: 'project', serviceable: false, sha512: '' },
    'Newtonsoft.Json/13.0.1': { type: 'package', serviceable: true, sha512: 'x', path: 'newtonsoft.json/13.0.1' },
    'Libuv/1.9.1': { type: 'package' },
    'SQLitePCLRaw.lib/2.1.0': { type: 'Package' },
    'NETStandard.Library/2.0.3': { type: 'package' },
    'Analyzers/3.0.0': { type: 'package' },
    'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { type: 'runtimepack' },
    'Data/1.0.0': { type: 'project' },
    'Unnamed.In.Target/2.0.0-rc.1': { type: 'package' },
    'System.Runtime/8.0.0': { type: 'referenceassembly' },
  },
};

describe('.NET programs', () => {
  it('are described by files of one ending', () => {
    const paths = ['app/Shop.deps.json', 'x.deps.json', 'deps.json', 'a/deps.json.bak', 'package.json'];
    expect(paths.filter((path) => depsJson.wants(path))).toEqual(paths.slice(0, 2));
  });

  it('are themselves, the packages with something that is loaded, and the runtime they bring', () => {
    expect(names(read(SHOP))).toEqual([
      'nuget Shop 1.0.0',
      'nuget Newtonsoft.Json 13.0.1',
      'nuget Libuv 1.9.1',
      'nuget SQLitePCLRaw.lib 2.1.0',
      'nuget Microsoft.NETCore.App.Runtime.linux-x64 8.0.1',
      'nuget Unnamed.In.Target 2.0.0-rc.1',
    ]);
    expect(read(SHOP).gaps).toEqual([]);
  });

  it('are all their packages where the target is not known', () => {
    const { libraries } = SHOP;
    for (const runtimeTarget of [undefined, { name: 'other' }, 7, { name: '__proto__' }]) {
      expect(names(read({ ...SHOP, runtimeTarget, libraries }))).toContain('nuget NETStandard.Library 2.0.3');
    }
    expect(names(read(`\uFEFF${JSON.stringify({ libraries })}`, 'other.deps.json'))).toHaveLength(7);
  });

  it.each([
    ['', 1],
    ['{"libraries":', 1],
    ['[]', 1],
    [{ targets: {} }, 1],
    [{ libraries: [] }, 1],
    [{ libraries: { 'A/1': null, B: { type: 'package' }, '/1': { type: 'package' }, 'C/1': { type: 7 } } }, 1],
    [{ dependencies: {} }, 0],
  ])('leave a gap where %j is no description', (document, gaps) => {
    expect(read(document)).toMatchObject({ packages: [] });
    expect(read(document).gaps).toHaveLength(gaps);
  });
});
