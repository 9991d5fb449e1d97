import type { Evidence } from '../../../model/control.js';
import { counted, failIfAny } from '../control.js';
import { type ImageControl, onHistory, resourceOf } from './image-subject.js';
import type { Instruction } from './instruction.js';

export const ADD_CONTROLS: ImageControl[] = [
  {
    id: 'no-remote-add',
    title: 'ADD fetches nothing from the network',
    problem: 'ADD fetches something from the network',
    severity: 'medium',
    looksAt: 'ADD instructions of the history whose source is a URL or a Git repository',
    remediation:
      'Fetch the file in a RUN that checks its digest or signature, or give ADD the digest with --checksum, and copy what is local.',
    opens: 'misconfiguration',
    restsOn: ['history'],
    judge: onHistory((steps) =>
      failIfAny(
        steps.filter(isRemoteAdd).map(evidenceOf),
        (count) => `${counted(count, 'ADD instruction')} ${count === 1 ? 'takes' : 'take'} whatever a server sends.`,
        'No ADD of the history has a remote source. Docker’s first builder does not tell sources.',
      ),
    ),
  },
  {
    id: 'copy-not-add',
    title: 'Files are added with COPY rather than ADD',
    problem: 'Files are added with ADD rather than COPY',
    severity: 'low',
    looksAt:
      'ADD instructions of the history, except that which brings the base image’s root file system, and archives that BuildKit names',
    remediation: 'Use COPY. ADD is for archives that have to be unpacked.',
    opens: 'misconfiguration',
    restsOn: ['history'],
    judge: onHistory((steps) =>
      failIfAny(
        localAdds(steps).map(evidenceOf),
        (count) => `${counted(count, 'ADD instruction')} ${count === 1 ? 'does' : 'do'} what COPY does.`,
        'No ADD does what COPY does.',
      ),
    ),
  },
];

/** A URL, or a Git repository as git-clone(1) takes it over ssh. */
const REMOTE = /^(?:(?:https?|ftp|git|ssh):\/\/|[\w.-]+@[\w.-]+:|github\.com\/)/i;
const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.(?:gz|bz2|xz|zst|lzma|Z))$/i;

function isRemoteAdd({ keyword, text }: Instruction): boolean {
  return keyword === 'ADD' && !text.includes('--checksum=') && sourcesOf(text).some((source) => REMOTE.test(source));
}

/** The first layer of an image is its base's, which only ADD can unpack. */
function localAdds(steps: readonly Instruction[]): Instruction[] {
  const first = steps.find(({ layered }) => layered);
  return steps.filter((step) => {
    if (step.keyword !== 'ADD') return false;
    const { sources, target } = partsOf(step.text);
    if (step === first && target === '/') return false;
    return sources.some((source) => !REMOTE.test(source) && !ARCHIVE.test(source));
  });
}

function sourcesOf(text: string): string[] {
  return partsOf(text).sources;
}

/** `--chown=a source… target`, `["source", "target"]`, or as the first builder prints it, `file:HASH in target`. */
function partsOf(text: string): { sources: string[]; target: string } {
  const words = text
    .split(/\s+/)
    .map((word) => word.replace(/^[["']+|[\]"',]+$/g, ''))
    .filter((word) => word !== '' && !word.startsWith('--'));
  const target = words.at(-1) ?? '';
  const sources = words.slice(0, -1);
  return { sources: sources.at(-1) === 'in' ? sources.slice(0, -1) : sources, target };
}

/** A URL may have a password, which is not shown. */
function evidenceOf(step: Instruction): Evidence {
  return { resource: resourceOf(step), path: null, value: step.text.replace(/:\/\/[^\s/@]*@/g, '://') };
}
