import { supportVerdict } from '../support-verdict.js';
import type { ImageControl } from './image-subject.js';

export const SUPPORT_CONTROLS: ImageControl[] = [
  {
    id: 'distribution-supported',
    title: 'The distribution’s release is supported',
    problem: 'The distribution’s release is not supported any more',
    severity: 'high',
    looksAt:
      '/etc/os-release, against the dates of endoflife.date: long-term support counts where everyone gets it (Debian), not where it has to be bought (Ubuntu Pro, RHEL ELS)',
    remediation: 'Move to a base image of a release that is supported.',
    // The end of life is a finding of its own kind.
    opens: null,
    restsOn: [],
    judge: ({ support }) => supportVerdict(support),
  },
];
