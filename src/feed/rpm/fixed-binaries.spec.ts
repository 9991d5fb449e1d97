import { describe, expect, it } from 'vitest';
import { affectedBinaries } from './fixed-binaries.js';

const binary = (name: string, version: string, ...architectures: string[]) => ({ name, version, architectures });

function entries(exact: boolean, ...fixed: ReturnType<typeof binary>[]) {
  return affectedBinaries('Oracle Linux:8', fixed, exact).map(
    ({ name, architectures, ranges: [range] }) =>
      `${name} ${architectures?.join() ?? '*'} ${JSON.stringify(range?.events.at(-1))}`,
  );
}

describe('the binaries of a bulletin', () => {
  it('are meant everywhere when one version is fixed', () => {
    expect(entries(false, binary('a', '2-1', 'x86_64'), binary('a', '2-1', 'aarch64'))).toEqual([
      'a * {"fixed":"2-1"}',
    ]);
  });

  it('name their architectures when versions differ by them', () => {
    expect(entries(false, binary('a', '2-1', 'x86_64'), binary('a', '2-4', 'aarch64'))).toEqual([
      'a x86_64 {"fixed":"2-1"}',
      'a aarch64 {"fixed":"2-4"}',
    ]);
  });

  it('have to pass both versions that one architecture has', () => {
    expect(entries(false, binary('a', '2-1', 'x86_64'), binary('a', '2-1.0.1', 'x86_64'))).toEqual([
      'a * {"fixed":"2-1"}',
      'a * {"fixed":"2-1.0.1"}',
    ]);
  });

  it('name their architectures in a complete list, but for what has none', () => {
    expect(entries(true, binary('a', '2-1', 'aarch64'), binary('b', '2-1', 'noarch'))).toEqual([
      'a aarch64 {"fixed":"2-1"}',
      'b * {"fixed":"2-1"}',
    ]);
  });

  it('of two modules are two packages', () => {
    const fixed = [
      { ...binary('npm', '8-1', 'x86_64'), module: 'nodejs:16' },
      { ...binary('npm', '9-1', 'x86_64'), module: 'nodejs:18' },
    ];
    expect(affectedBinaries('AlmaLinux:8', fixed, false).map(({ module }) => module)).toEqual([
      'nodejs:16',
      'nodejs:18',
    ]);
  });
});
