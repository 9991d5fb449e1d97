import type { ExtractionBuilder } from '../extraction-builder.js';
import { TextLines } from '../text-lines.js';
import { sourceOf } from './rpm-package.js';

const NONE = '(none)';

/**
 * What the distroless images of Azure Linux and CBL-Mariner have in the place of a database, one package a line: name,
 * version-release, time of installation, time of build, vendor, epoch, size, architecture, epoch as a number, source
 * package's file. Neither licenses nor files are in it.
 */
export function readManifest(content: Buffer, builder: ExtractionBuilder): void {
  const lines = new TextLines(content);
  while (lines.next()) {
    if (lines.isEmpty) continue;
    const fields = lines.text(0).split('\t');
    const [name, version, , , , epoch, , architecture, , source] = fields;
    if (fields.length !== 10 || !name || !version?.includes('-')) {
      builder.unparsable(lines.line, 'no package in ten fields');
      continue;
    }
    builder.add(
      {
        type: 'rpm',
        name,
        version: epoch && epoch !== NONE ? `${epoch}:${version}` : version,
        source: sourceOf(source ?? null),
        architecture: architecture && architecture !== NONE ? architecture : null,
      },
      lines.line,
    );
  }
}
