import type { Evidence } from '../../../model/control.js';
import type { ImageConfig } from '../../../model/image-config.js';
import type { Account } from '../../../model/inventory.js';
import { counted, fail, failIfAny, notApplicable, pass, undetermined, type Verdict } from '../control.js';
import { type ImageControl, type ImageSubject, onConfig } from './image-subject.js';

export const USER_CONTROLS: ImageControl[] = [
  {
    id: 'non-root-user',
    title: 'Containers run as a user other than root',
    problem: 'Containers run as root',
    severity: 'high',
    looksAt: 'the `User` of the configuration, by name or number, and what /etc/passwd says of it',
    remediation:
      'Create a user in the build file and switch to it with USER, by number (USER 10001:10001), so that an orchestrator can check it.',
    opens: 'misconfiguration',
    restsOn: ['user'],
    judge: onConfig((config, { inventory }) => userVerdict(config, inventory.image?.accounts ?? null)),
  },
  {
    id: 'single-root-account',
    title: 'No user but root has root’s number',
    problem: 'A user other than root has the number 0',
    severity: 'medium',
    looksAt: 'the user numbers in /etc/passwd',
    remediation: 'Give each user a number of its own, or remove the user.',
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: onAccounts((accounts) =>
      failIfAny(
        accounts
          .filter(({ name, uid }) => uid === 0 && name !== 'root')
          .map(({ name }) => passwd(name, 'user number 0')),
        (count) => `${counted(count, 'user')} other than root may do what root may.`,
        'Only root has the number 0.',
      ),
    ),
  },
  {
    id: 'no-empty-passwords',
    title: 'No user can log in without a password',
    problem: 'A user can log in without a password',
    severity: 'high',
    looksAt: 'the password fields of /etc/passwd and /etc/shadow',
    remediation: 'Lock the password of each such user (passwd -l NAME), or remove the user.',
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: onAccounts((accounts) =>
      failIfAny(
        accounts.filter(({ passwordless }) => passwordless).map(({ name }) => passwd(name, 'no password')),
        (count) => `${counted(count, 'user')} can become another user, or log in, without a password.`,
        'Every user has a password or is locked.',
      ),
    ),
  },
];

/** moby's user lookup: a number is always a user number; an empty user is root, the group does not matter. */
function userVerdict(config: ImageConfig, accounts: Account[] | null): Verdict {
  const user = config.user.split(':', 1)[0]?.trim() ?? '';
  const evidence: Evidence[] = [{ resource: 'USER', path: null, value: config.user }];
  if (config.os?.toLowerCase() === 'windows') return windowsVerdict(user, evidence);
  if (user === '') return fail('The image names no user, so that containers run as root.', evidence);
  if (/^[+-]?\d+$/.test(user)) {
    return Number(user) === 0
      ? fail('The user has the number 0, which is root.', evidence)
      : pass(`The user is number ${user}.`);
  }
  const account = accounts?.find(({ name }) => name === user);
  if (account?.uid === 0) {
    return fail(user === 'root' ? 'The user is root.' : `The user ${user} has the number 0, which is root.`, evidence);
  }
  if (account) return pass(`The user is ${user}, number ${account.uid}.`);
  if (user === 'root') return fail('The user is root.', evidence);
  return pass(
    accounts === null
      ? `The user is ${user}; which number that is cannot be told, as the image has no /etc/passwd.`
      : `The user is ${user}, whom /etc/passwd does not list: a container engine refuses to start it.`,
  );
}

function windowsVerdict(user: string, evidence: Evidence[]): Verdict {
  if (/^(?:.*\\)?containeradministrator$/i.test(user)) return fail('The user is the administrator.', evidence);
  if (user === '') return undetermined('The image names no user; which one Windows takes depends on the base image.');
  return pass(`The user is ${user}.`);
}

function onAccounts(judge: (accounts: Account[]) => Verdict) {
  return ({ inventory }: ImageSubject): Verdict => {
    const accounts = inventory.image?.accounts ?? null;
    return accounts === null ? notApplicable('No /etc/passwd was found.') : judge(accounts);
  };
}

function passwd(name: string, value: string): Evidence {
  return { resource: `user ${name}`, path: '/etc/passwd', value };
}
