import { isProgram, programsOf } from '../../format/executable/programs.js';
import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import type { FileView } from '../file-view.js';
import { addCrates } from './cargo-auditable.js';
import { addGoModules } from './go-modules.js';
import { isPacked } from './packed.js';

/**
 * What compilers wrote into a program about its parts: Go's build information, and the crates of a Rust program that
 * was built with cargo-auditable. Programs are known by their first bytes, and most have neither: those cost the reading
 * of their headers and of a data segment. A packed program may have either, and says so.
 */
export const executable: Extractor = {
  name: 'executable',
  version: 2,
  // Read in places, whatever their size.
  maxBytes: 4 * 1024 ** 3,
  fixedPaths: [],
  candidates: {},
  wants: () => false,
  recognises: isProgram,
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    for (const program of programsOf(file)) {
      if (isPacked(program)) builder.unparsable(null, 'no dependencies that can be read, as it is packed with UPX');
      addGoModules(builder, program);
      addCrates(builder, program);
    }
    return builder.build();
  },
};
