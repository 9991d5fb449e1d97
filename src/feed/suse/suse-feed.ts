import type { AdvisoryFeedPlugin } from '../feed-plugin.js';
import { cvesOf } from '../feed-text.js';
import { readOval } from '../oval/oval-file.js';
import { parseDefinition } from './suse-definition.js';

/**
 * SUSE publishes a file for each release, in which a definition is a CVE. Those called `affected` also have what is not
 * fixed.
 */
const RELEASES = [
  'suse.linux.enterprise.server.12',
  'suse.linux.enterprise.server.15',
  'suse.linux.enterprise.server.16',
  'suse.linux.enterprise.micro.5.1',
  'suse.linux.enterprise.micro.5.2',
  'suse.linux.enterprise.micro.5.3',
  'suse.linux.enterprise.micro.5.4',
  'suse.linux.enterprise.micro.5.5',
  'suse.linux.enterprise.micro.6.0',
  'suse.linux.enterprise.micro.6.1',
  'opensuse.leap.15.3',
  'opensuse.leap.15.4',
  'opensuse.leap.15.5',
  'opensuse.leap.15.6',
  'opensuse.leap.16.0',
  'opensuse.tumbleweed',
];

const MAX_BYTES = 2 ** 29;

/** SUSE's and openSUSE's judgement of each CVE, by binary package, as OVAL. */
export const suseFeed: AdvisoryFeedPlugin = {
  name: 'suse',
  publicUrl: 'https://ftp.suse.com/pub/projects/security/oval/',
  files: async () =>
    RELEASES.map((release) => ({ part: release, path: `${release}-affected.xml.gz`, maxBytes: MAX_BYTES })),
  read: (path, part, signal) => readOval(path, `The OVAL file ${part}`, signal, parseDefinition, idOf),
};

function idOf(title: string): string | undefined {
  const [cve] = cvesOf([title]);
  return cve && `SUSE-${cve}`;
}
