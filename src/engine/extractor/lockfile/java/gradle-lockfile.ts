import { TextLines } from '../../text-lines.js';
import type { LockfileFormat } from '../lockfile-format.js';

/** `group:artifact:version=configuration,configuration`; the last line lists the empty configurations. */
const LOCKED = /^([^:=\s]+):([^:=\s]+):([^:=\s]+)(?:=(.*))?$/;
const EMPTY = 'empty=';
/** Bytes. */
const MAX_LINE = 64 * 1024;

/** Gradle: left out is what only configurations of tests have, `testRuntimeClasspath`. */
export const gradleLockfile: LockfileFormat = {
  names: [],
  // `gradle.lockfile`, `buildscript-gradle.lockfile`, `settings-gradle.lockfile`.
  endings: ['gradle.lockfile'],
  read(builder, content) {
    const lines = new TextLines(content);
    while (lines.next()) {
      const text = lines.end - lines.start > MAX_LINE ? null : lines.text(0).trim();
      if (text === '' || text?.startsWith('#') || text?.startsWith(EMPTY)) continue;
      const [, group, artifact, version, configurations = ''] = LOCKED.exec(text ?? '') ?? [];
      if (!group || !artifact || !version) builder.unparsable(lines.line, 'no "group:artifact:version"');
      else if (configurations === '' || !configurations.split(',').every((name) => name.trim().startsWith('test'))) {
        builder.add({ type: 'maven', name: `${group}:${artifact}`, version }, lines.line);
      }
    }
  },
};
