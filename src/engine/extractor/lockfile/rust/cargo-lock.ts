import { listOf, mappingOf } from '../../document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { readToml } from '../toml-document.js';

/** Cargo: a list of packages, the workspace's own among them. It does not tell what is for development, so all count. */
export const cargoLock: LockfileFormat = {
  names: ['Cargo.lock'],
  // Where Cargo unpacks crates and clones repositories, and where `cargo vendor` copies them.
  dependencies: /\/(?:registry\/src|git\/checkouts|vendor)\//,
  read(builder, content) {
    for (const value of listOf(readToml(builder, content)?.package)) {
      const entry = mappingOf(value);
      addPinned(builder, 'cargo', { name: entry?.name, version: entry?.version });
    }
  },
};
