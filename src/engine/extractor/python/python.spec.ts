import { describe, expect, it } from 'vitest';
import { MemoryFile } from '../file-view.js';
import { python } from './python.js';

const read = (text: string, path = 'lib/x-1.dist-info/METADATA') =>
  python.extract(new MemoryFile(path, Buffer.from(text)));
const versions = (text: string) => read(text).packages.map(({ name, version }) => `${name} ${version}`);
const licenses = (...lines: string[]) => read(['Name: a', 'Version: 1', ...lines].join('\n')).packages[0]?.licenses;

describe('installed Python packages', () => {
  it('are described in the files of wheels, of eggs, and of distutils', () => {
    const wanted = [
      'usr/lib/python3.11/site-packages/flask-3.0.dist-info/METADATA',
      'usr/lib/python3/dist-packages/six-1.16.egg-info/PKG-INFO',
      'app/kitchen-1.2-py3.egg/EGG-INFO/PKG-INFO',
      'usr/lib/python2.7/site-packages/argparse-1.4.egg-info',
      'site-packages/setuptools/_vendor/wheel-0.43.dist-info/METADATA',
    ];
    const not = ['METADATA', 'app/PKG-INFO', 'x.dist-info/RECORD', 'x.egg-info/requires.txt', 'a.dist-info/METADATA/x'];
    expect([...wanted, ...not].filter((path) => python.wants(path))).toEqual(wanted);
  });

  it.each([
    ['Metadata-Version: 2.1\nName: zope.interface\nVersion: 6.1\n\nName: body\n', ['zope.interface 6.1']],
    ['NAME: Foo_Bar\r\nversion:1.0.post1\r\n\r\n', ['Foo_Bar 1.0.post1']],
    ['\uFEFFName: a\nSummary: one\n  Name: two\n\tName: three\nVersion: 1\n', ['a 1']],
    // Python's own reader takes a line that is no field for the begin of the body.
    ['Name: a\nVersion: 1\nnonsense here\nVersion: 2\n', ['a 1']],
    ['Name: Python\nVersion: 2.7.18\n', []],
  ])('%j: %s', (text, expected) => {
    expect(versions(text)).toEqual(expected);
    expect(read(text).gaps).toEqual([]);
  });

  it.each(['', '\n', 'Name: a\n', 'Version: 1\n', 'nonsense\nName: a\nVersion: 1\n', 'Name: a\n\nVersion: 1\n'])(
    'that have no name or no version are a gap: %j',
    (text) => {
      expect(read(text)).toMatchObject({ packages: [], gaps: [{ code: 'file_unparsable' }] });
    },
  );

  it('have the licenses that they state most precisely', () => {
    const classifiers = [
      'Classifier: License :: OSI Approved :: MIT License',
      'Classifier: License :: OSI Approved',
      'Classifier: Topic :: Software',
    ];
    expect(licenses('License: BSD', 'License-Expression: MIT OR Apache-2.0', ...classifiers)).toEqual([
      'MIT OR Apache-2.0',
    ]);
    expect(licenses('License: BSD', ...classifiers)).toEqual(['BSD']);
    expect(licenses('License: UNKNOWN', ...classifiers)).toEqual(['MIT License']);
    expect(licenses('License: Copyright', '        all of it', ...classifiers)).toEqual(['MIT License']);
    expect(licenses()).toEqual([]);
  });

  it('may have a description of any length', () => {
    const text = `Name: a\nVersion: 1\nLicense: x\n${' y\n'.repeat(2_000_000)}`;
    expect(versions(text)).toEqual(['a 1']);
  });
});
