import type { DistributionSupport } from '../end-of-life/support.js';
import { fail, notApplicable, pass, undetermined, type Verdict } from './control.js';

/** Whether the distribution of a target, whatever its kind, still gets fixes. */
export function supportVerdict({ status, reason, release, endedOn }: DistributionSupport): Verdict {
  switch (status) {
    case 'supported':
      return pass(reason);
    case 'ended':
      return fail(reason, [{ resource: release, path: '/etc/os-release', value: endedOn }]);
    case 'rolling':
      return notApplicable(reason);
    case 'unknown':
      return undetermined(reason);
  }
}
