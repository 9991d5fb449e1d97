import type { HostAccount } from '../../../../model/host/system.js';
import { counted, failIfAny, undetermined } from '../../control.js';
import { type HostControl, known } from '../host-subject.js';

const ACCOUNTS = { opens: 'misconfiguration', restsOn: ['accounts'] } satisfies Partial<HostControl>;
/** An empty shell is /bin/sh: passwd(5). */
const NO_LOGIN = /\/(?:nologin|false|sync|shutdown|halt)$/;
/** crypt(5), "strong" or better. */
const STRONG_HASHES = new Set(['yescrypt', 'gost-yescrypt', 'scrypt', 'bcrypt', 'sha512', 'sha256']);
/** useradd(8): people begin here. */
const FIRST_PERSON = 1000;
const MAX_PASSWORD_DAYS = 365;

const passwd = ({ name }: HostAccount, value: string) => ({ resource: `user/${name}`, path: '/etc/passwd', value });

export const ACCOUNT_CONTROLS: HostControl[] = [
  {
    ...ACCOUNTS,
    id: 'host-single-root-account',
    title: 'No user but root has root’s number',
    problem: 'A user other than root has the number 0',
    severity: 'critical',
    looksAt: 'the user numbers in /etc/passwd',
    remediation: 'Give the user a number of its own (usermod -u), or remove it.',
    judge: ({ facts }) =>
      failIfAny(
        known(facts.accounts)
          .filter(({ uid, name }) => uid === 0 && name !== 'root')
          .map((account) => passwd(account, 'user number 0')),
        (count) => `${counted(count, 'user')} may do what root may.`,
        'Only root has the number 0.',
      ),
  },
  {
    ...ACCOUNTS,
    id: 'host-no-empty-passwords',
    title: 'No user can log in without a password',
    problem: 'A user can log in without a password',
    severity: 'critical',
    looksAt: 'the password fields of /etc/passwd and /etc/shadow',
    remediation: 'Lock the password (passwd -l NAME).',
    judge: ({ facts }) => {
      const accounts = known(facts.accounts);
      if (accounts.some(({ password }) => password === 'unknown'))
        return undetermined('/etc/shadow could not be read.');
      return failIfAny(
        accounts.filter(({ password }) => password === 'none').map((account) => passwd(account, 'no password')),
        (count) => `${counted(count, 'user')} need none.`,
        'Every user has a password or is locked.',
      );
    },
  },
  {
    ...ACCOUNTS,
    id: 'host-strong-password-hashes',
    title: 'Passwords are kept by a strong hash',
    problem: 'A password is kept by a weak hash',
    severity: 'medium',
    looksAt: 'the kind of hash in /etc/shadow; hashes themselves are not kept',
    remediation: 'Set ENCRYPT_METHOD yescrypt (or SHA512) in /etc/login.defs, and let the user change the password.',
    judge: ({ facts }) => {
      const accounts = known(facts.accounts);
      if (accounts.some(({ password }) => password === 'unknown'))
        return undetermined('/etc/shadow could not be read.');
      const weak = accounts.filter(({ hash }) => hash !== null && !STRONG_HASHES.has(hash));
      return failIfAny(
        weak.map(({ name, hash }) => ({ resource: `user/${name}`, path: '/etc/shadow', value: hash })),
        (count) => `${counted(count, 'password')} can be guessed fast.`,
        'Every hash is strong.',
      );
    },
  },
  {
    ...ACCOUNTS,
    id: 'host-password-age',
    title: 'Passwords of people have to be changed within a year',
    problem: 'A password never has to be changed',
    severity: 'low',
    looksAt: 'the longest age of passwords in /etc/shadow',
    remediation: 'chage --maxdays 365 NAME',
    judge: ({ facts }) => {
      const people = known(facts.accounts).filter(({ password }) => password === 'set' || password === 'unknown');
      if (people.some(({ password }) => password === 'unknown')) return undetermined('/etc/shadow could not be read.');
      const forever = people.filter(({ maxAge }) => maxAge === null || maxAge > MAX_PASSWORD_DAYS || maxAge < 0);
      return failIfAny(
        forever.map(({ name, maxAge }) => ({
          resource: `user/${name}`,
          path: '/etc/shadow',
          value: `${maxAge ?? 'no'} days`,
        })),
        (count) => `${counted(count, 'password')} may stay for longer.`,
        'None may stay for longer.',
      );
    },
  },
  {
    ...ACCOUNTS,
    id: 'host-system-accounts-locked',
    title: 'Users of services cannot log in',
    problem: 'A user of a service can log in',
    severity: 'medium',
    looksAt:
      'the shells of users below 1000 in /etc/passwd; keys of SSH, `su` and timers let in past a locked password',
    remediation: 'usermod -s /usr/sbin/nologin NAME',
    judge: ({ facts }) => {
      const open = known(facts.accounts).filter(
        ({ uid, name, shell }) => uid > 0 && uid < FIRST_PERSON && name !== 'root' && !NO_LOGIN.test(shell),
      );
      return failIfAny(
        open.map((account) => passwd(account, account.shell || '/bin/sh, as none is given')),
        (count) => `${counted(count, 'user')} of services have a shell.`,
        'None can.',
      );
    },
  },
  {
    ...ACCOUNTS,
    id: 'host-distinct-users',
    title: 'Every user has a name and a number of its own',
    problem: 'Two users share a name or a number',
    severity: 'medium',
    looksAt: 'names and numbers in /etc/passwd',
    remediation: 'Give each user a number of its own (usermod -u).',
    judge: ({ facts }) => {
      const accounts = known(facts.accounts);
      const byNumber = Map.groupBy(accounts, ({ uid }) => `number ${uid}`);
      const byName = Map.groupBy(accounts, ({ name }) => `name ${name}`);
      const twice = [...byNumber, ...byName].filter(([, members]) => members.length > 1);
      return failIfAny(
        twice.map(([value, members]) => ({
          resource: members.map(({ name }) => name).join(', '),
          path: '/etc/passwd',
          value,
        })),
        (count) => `${counted(count, 'name or number', 'names or numbers')} are shared.`,
        'Each has its own.',
      );
    },
  },
];
