import { describe, expect, it } from 'vitest';
import { MemoryFile } from '../file-view.js';
import { lockfile } from './lockfile.js';

describe('a lockfile', () => {
  it('is known by its base name', () => {
    const wanted = [
      'package-lock.json',
      'app/npm-shrinkwrap.json',
      'app/yarn.lock',
      'app/pnpm-lock.yaml',
      'app/bun.lock',
      'app/bun.lockb',
      'app/requirements.txt',
      'app/Pipfile.lock',
      'app/poetry.lock',
      'app/uv.lock',
      'app/pdm.lock',
      'app/pylock.toml',
      'app/Gemfile.lock',
      'app/gems.locked',
      'app/composer.lock',
      'app/Cargo.lock',
      'app/go.mod',
      'app/pom.xml',
      'app/gradle.lockfile',
      'app/buildscript-gradle.lockfile',
      'app/packages.lock.json',
      'app/pubspec.lock',
      'app/mix.lock',
      'app/renv.lock',
      'app/stack.yaml.lock',
      'app/cabal.project.freeze',
    ];
    const not = ['app/package.json', 'app/.package-lock.json', 'app/my-requirements.txt', 'app/Package.resolved'];
    expect([...wanted, ...not].filter((path) => lockfile.wants(path))).toEqual(wanted);
  });

  it('that an installed dependency brought says nothing of the target', () => {
    const paths = [
      'app/node_modules/a/package-lock.json',
      'usr/lib/python3/dist-packages/a/requirements.txt',
      'venv/lib/python3.12/site-packages/a/poetry.lock',
      'usr/local/bundle/gems/rack-3.0.8/Gemfile.lock',
      'usr/local/bundle/bundler/gems/rack-0123456789ab/Gemfile.lock',
      'app/vendor/a/b/composer.lock',
      'root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/a-1.0.0/Cargo.lock',
      'go/pkg/mod/example.com/a@v1.0.0/go.mod',
      'app/deps/plug/mix.lock',
      'app/WEB-INF/classes/META-INF/maven/g/a/pom.xml',
    ];
    expect(paths.filter((path) => lockfile.wants(path))).toEqual([]);
    expect(lockfile.wants('srv/gems/engine/Gemfile.lock')).toBe(true);
  });

  it('names a package once, at however many places of the tree it is', () => {
    const packages = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b/node_modules/a': { version: '1.0.0' } };
    const text = JSON.stringify({ lockfileVersion: 3, packages });
    expect(lockfile.extract(new MemoryFile('package-lock.json', Buffer.from(text))).packages).toHaveLength(1);
  });
});
