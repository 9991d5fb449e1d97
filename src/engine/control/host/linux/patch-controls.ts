import { counted, fail, notApplicable, pass, undetermined } from '../../control.js';
import type { HostControl } from '../host-subject.js';

/** Whether the host’s own software is kept up: findings of other kinds tell of each package. */
export const PATCH_CONTROLS: HostControl[] = [
  {
    id: 'host-patches-installed',
    title: 'Fixes that the distribution has published are installed on the host',
    problem: 'Fixes that the distribution has published are missing on the host',
    severity: 'high',
    looksAt: 'the host’s packages, against advisories',
    remediation:
      'Install them: apt-get upgrade, dnf upgrade, zypper patch, apk upgrade. Then start again what uses them.',
    opens: null,
    restsOn: ['packages'],
    judge: ({ unpatched, unmatched }) => {
      if (unpatched.length > 0) {
        const packages = new Set(unpatched.map(({ purl }) => purl));
        return fail(
          `${counted(packages.size, 'package')} have ${counted(unpatched.length, 'vulnerability', 'vulnerabilities')} with a fix.`,
          unpatched.map(({ purl, ruleId, fixedVersion }) => ({
            resource: purl,
            path: null,
            value: `${ruleId}, fixed in ${fixedVersion}`,
          })),
        );
      }
      return unmatched === null ? pass('No fix is missing.') : undetermined(unmatched);
    },
  },
  {
    id: 'host-distribution-supported',
    title: 'The host’s distribution is supported',
    problem: 'The host’s distribution is not supported any more',
    severity: 'high',
    looksAt: '/etc/os-release of the host, against the dates of endoflife.date',
    remediation: 'Upgrade the host to a release that is supported.',
    opens: null,
    restsOn: ['distribution'],
    judge: ({ support }) => {
      switch (support.status) {
        case 'supported':
          return pass(support.reason);
        case 'ended':
          return fail(support.reason, [{ resource: support.release, path: '/etc/os-release', value: support.endedOn }]);
        case 'rolling':
          return notApplicable(support.reason);
        case 'unknown':
          return undetermined(support.reason);
      }
    },
  },
];
