import type { Evidence } from '../../../model/control.js';
import { counted, failIfAny } from '../control.js';
import { type Command, pipelinesOf } from './commands.js';
import { type ImageControl, onHistory, resourceOf } from './image-subject.js';
import type { Instruction } from './instruction.js';

export const VERIFICATION_CONTROLS: ImageControl[] = [
  {
    id: 'verified-packages',
    title: 'What is installed is verified',
    problem: 'The build switches verification off for what it installs',
    severity: 'high',
    looksAt:
      'options and settings in RUN instructions of the history that switch off the check of signatures or of a server’s certificate (`--allow-unauthenticated`, `--allow-untrusted`, `--nogpgcheck`, `curl -k`)',
    remediation: 'Import the key or the certificate that the check needs, and leave the check on.',
    opens: 'misconfiguration',
    restsOn: ['history'],
    judge: onHistory((steps) =>
      failIfAny(
        runs(steps).flatMap((step) => unverified(step)),
        (count) => `The build installs without verification in ${counted(count, 'place')}.`,
        'No RUN switches a verification off.',
      ),
    ),
  },
  {
    id: 'no-piped-installers',
    title: 'No script is run as it comes from the network',
    problem: 'The build runs scripts as they come from the network',
    severity: 'high',
    looksAt: 'RUN instructions of the history that hand what curl or wget fetch to a shell or another interpreter',
    remediation:
      'Fetch the script to a file, compare its digest with one that is written in the build file, and run it then.',
    opens: 'misconfiguration',
    restsOn: ['history'],
    judge: onHistory((steps) =>
      failIfAny(
        runs(steps).flatMap((step) => piped(step)),
        (count) => `The build runs ${counted(count, 'script')} that nobody checked.`,
        'No RUN hands a download to an interpreter.',
      ),
    ),
  },
];

function runs(steps: readonly Instruction[]): Instruction[] {
  return steps.filter(({ keyword }) => keyword === 'RUN');
}

/** By the program: words that switch a verification off. */
const SWITCHES: Record<string, RegExp> = {
  'apt-get': /^(?:--allow-unauthenticated|--force-yes|--allow-insecure-repositories|--no-check-gpg)$/,
  apk: /^--allow-untrusted$/,
  rpm: /^--(?:nosignature|nogpg|nodigest|noverify)$/,
  yum: /^(?:--nogpgcheck|--no-gpgchecks?)$/i,
  zypper: /^(?:--no-gpg-checks?|--allow-unsigned-rpm|-G)$/,
  dpkg: /^--force-(?:bad-verify|all)$/,
  curl: /^(?:--insecure|--proxy-insecure|-[^-\sAbcCdDeEFhHKmoPQrtTuUwxXyYz]*k\w*)$/,
  wget: /^--no-check-certificate$/,
  pip: /^--trusted-host(?:=.*)?$/,
  npm: /^(?:--strict-ssl=false|--no-strict-ssl)$/,
};

const ALIASES: Record<string, string> = {
  ...{ apt: 'apt-get', aptitude: 'apt-get', dnf: 'yum', dnf5: 'yum', microdnf: 'yum', tdnf: 'yum' },
  ...{ pip3: 'pip', uv: 'pip', yarn: 'npm', pnpm: 'npm' },
};

/** Settings that switch it off for whatever comes after them, whichever program writes them. */
const SETTINGS =
  /\b(?:AllowUnauthenticated\s*[= ]\s*["']?(?:true|1|yes)|AllowInsecureRepositories\s*[= ]\s*["']?(?:true|1|yes)|Verify-Peer\s*[= ]\s*["']?(?:false|0|no)|(?:repo_)?gpgcheck\s*=\s*(?:0|false|no)|sslverify\s*=\s*(?:0|false|no)|SigLevel\s*=\s*Never|strict-ssl\s+false|http\.sslVerify\s+(?:false|0)|GIT_SSL_NO_VERIFY\s*=\s*(?:true|1)|NODE_TLS_REJECT_UNAUTHORIZED\s*=\s*0|PYTHONHTTPSVERIFY\s*=\s*0|trusted\s*=\s*yes)\b/gi;

function unverified(step: Instruction): Evidence[] {
  const found = new Set<string>();
  for (const command of pipelinesOf(step.text).flat()) {
    const switches = switchesOf(command);
    for (const word of command.arguments) if (switches?.test(word)) found.add(`${command.name} ${word}`);
  }
  for (const [setting] of step.text.matchAll(SETTINGS)) found.add(setting.replace(/\s+/g, ' '));
  return [...found].map((value) => ({ resource: resourceOf(step), path: null, value }));
}

function switchesOf({ name }: Command): RegExp | undefined {
  const program = ALIASES[name] ?? name;
  return Object.hasOwn(SWITCHES, program) ? SWITCHES[program] : undefined;
}

const FETCHER = /^["'`(<$]*(?:curl|wget|fetch)$/;
const SHELL = /^(?:a|ba|da|k|z)?sh$/;
const INTERPRETER = /^(?:python[\d.]*|perl|ruby|node|php|pwsh)$/;
const EVALUATOR = /^(?:source|eval|\.)$/;
/** `sh -c "$(curl …)"`, `bash <(curl …)`. */
const SUBSTITUTED = /(?:\$\(|<\(|`)\s*(?:curl|wget)\s/;

function piped(step: Instruction): Evidence[] {
  return pipelinesOf(step.text).flatMap((pipeline) => {
    const fetcher = pipeline.findIndex(({ name, arguments: words }) =>
      [name, ...words].some((word) => FETCHER.test(word)),
    );
    const runner = pipeline.find((command, at) => fetcher >= 0 && at > fetcher && runsItsInput(command));
    if (runner) return [evidenceOf(step, `curl or wget | ${runner.name}`)];
    const direct = pipeline.find(
      ({ name, text }) => (SHELL.test(name) || EVALUATOR.test(name)) && SUBSTITUTED.test(text),
    );
    return direct ? [evidenceOf(step, `${direct.name} of what curl or wget fetch`)] : [];
  });
}

/** Whether an interpreter takes its program from standard input: not when it is given one by `-c` or a file. */
function runsItsInput({ name, arguments: words }: Command): boolean {
  const isShell = SHELL.test(name);
  if (!isShell && !INTERPRETER.test(name)) return false;
  for (const word of words) {
    if (word === '-' || word === '-s' || word === '/dev/stdin') return true;
    if (isShell ? /^-\w*c\w*$/.test(word) : /^-\w*[cemrnp]\w*$/.test(word)) return false;
    if (isShell && /^-\w*s\w*$/.test(word)) return true;
    if (!word.startsWith('-') && !/^(?:[&\d]*[<>]|pipefail$)/.test(word)) return false;
  }
  return true;
}

function evidenceOf(step: Instruction, value: string): Evidence {
  return { resource: resourceOf(step), path: null, value };
}
