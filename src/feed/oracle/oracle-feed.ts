import type { AdvisoryFeedPlugin } from '../feed-plugin.js';
import { readOval } from '../oval/oval-file.js';
import { parseDefinition } from './oracle-definition.js';

/** Oracle Linux' errata (ELSA), as one OVAL file of all releases. */
export const oracleFeed: AdvisoryFeedPlugin = {
  name: 'oracle',
  publicUrl: 'https://linux.oracle.com/security/oval/',
  files: async () => [{ part: 'elsa', path: 'com.oracle.elsa-all.xml.bz2', maxBytes: 2 ** 29 }],
  read: (path, _part, signal) =>
    readOval(path, 'The OVAL file of Oracle Linux', signal, parseDefinition, (title) => title.split(/[:\s]/, 1)[0]),
};
