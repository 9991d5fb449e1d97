import { failIfAny } from '../control.js';
import type { ImageControl } from './image-subject.js';
import { programEvidence } from './program.js';

const PACKAGES = new Set(['sudo', 'sudo-ldap', 'sudo-rs', 'doas', 'opendoas', 'doas-sudo-shim']);
const PROGRAM = /\/bin\/(?:sudo|doas)$/;

export const UNNEEDED_PROGRAM_CONTROLS: ImageControl[] = [
  {
    id: 'no-sudo',
    title: 'No program that makes users root is installed',
    problem: 'A program that makes users root is installed (sudo, doas)',
    severity: 'low',
    looksAt: 'packages of sudo and doas, and these programs with the setuid bit',
    remediation: 'Remove it. Do what needs root in the build, before USER.',
    opens: 'misconfiguration',
    restsOn: ['files', 'packages'],
    judge: (subject) =>
      failIfAny(
        programEvidence(subject, PACKAGES, ({ path, traits }) => traits.includes('setuid') && PROGRAM.test(path)),
        () => 'sudo or doas is installed.',
        'Neither sudo nor doas was found.',
      ),
  },
];
