import { TextLines } from '../../text-lines.js';
import type { LockfileFormat } from '../lockfile-format.js';

const SPECS = '  specs:';
/** Four blanks, no more: what a gem itself asks for has six. The platform is behind the first `-`. */
const SPEC = /^ {4}([^\s()]+) \(([^\s()-]+)(?:-[^\s()]+)?\)$/;
/** Bytes. */
const MAX_LINE = 2048;

/**
 * Bundler. Gems stand below `specs:` in sections `GEM`, `GIT` and `PATH`, once for each platform:
 * `    nokogiri (1.16.0-x86_64-linux)`. Groups are in the Gemfile alone, so all count.
 */
export const gemfileLock: LockfileFormat = {
  names: ['Gemfile.lock', 'Gemfile.next.lock', 'gems.locked'],
  // What RubyGems and Bundler install is in `gems/name-version/`, or at a commit in `bundler/gems/name-commit/`.
  dependencies: /\/gems\/[^/]+-(?:\d[^/]*|[0-9a-f]{12})\//,
  read(builder, content) {
    const lines = new TextLines(content);
    let inSpecs = false;
    while (lines.next()) {
      if (lines.isEmpty) continue;
      if (lines.end - lines.start > MAX_LINE) {
        builder.unparsable(lines.line, 'a line that is too long');
        continue;
      }
      const text = lines.text(0);
      if (!text.startsWith(' ')) {
        inSpecs = false;
        // A heading of capitals, or what a conflict of versions left behind.
        const isHeading = /^[A-Z][A-Z ]*$/.test(text.replace(/^\uFEFF/, ''));
        if (!isHeading) builder.unparsable(lines.line, 'neither a heading nor a gem');
      } else if (text === SPECS) inSpecs = true;
      else if (inSpecs && text.startsWith('    ') && !text.startsWith('     ')) {
        const [, name, version] = SPEC.exec(text) ?? [];
        if (name && version) builder.add({ type: 'gem', name, version }, lines.line);
        else builder.unparsable(lines.line, 'a gem without a version');
      }
    }
  },
};
