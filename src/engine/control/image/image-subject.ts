import type { ImageConfig } from '../../../model/image-config.js';
import type { ImageName } from '../../../model/image-name.js';
import type { FileNote, FileTrait, Inventory } from '../../../model/inventory.js';
import type { DistributionSupport } from '../../end-of-life/support.js';
import { REDACTED } from '../../secret/config-secrets.js';
import type { Control, Verdict } from '../control.js';
import { notApplicable, undetermined } from '../control.js';
import { type Instruction, instructionsOf } from './instruction.js';

/** What image controls judge: facts, and what the operator decided. */
export interface ImageSubject {
  inventory: Inventory;
  /** What the scan asked for, where it names an image. */
  name: ImageName | null;
  /** When the image is judged. */
  now: Date;
  /** Registries and folders of them, `registry.example/team`; null where the operator named none. */
  trustedRegistries: readonly string[] | null;
  maxAgeDays: number;
  support: DistributionSupport;
  /** Installed packages that have a vulnerability for which there is a fix. */
  unpatched: readonly UnpatchedPackage[];
  /** Why some packages could not be matched, a sentence; null where all were. */
  unmatched: string | null;
}

export interface UnpatchedPackage {
  purl: string;
  ruleId: string;
  fixedVersion: string;
}

export type ImageControl = Control<ImageSubject>;

/** Judges the configuration of an image that has one. */
export function onConfig(judge: (config: ImageConfig, subject: ImageSubject) => Verdict) {
  return (subject: ImageSubject): Verdict => {
    const config = subject.inventory.image?.config ?? null;
    return config === null ? notApplicable(NO_CONFIG) : judge(config, subject);
  };
}

/** Judges the steps of the build, where the image tells any. */
export function onHistory(judge: (steps: Instruction[]) => Verdict) {
  return onConfig((config) => {
    const length = config.history.reduce((sum, { createdBy }) => sum + (createdBy?.length ?? 0), 0);
    if (length > MAX_HISTORY) return undetermined(LONG_HISTORY);
    const steps = instructionsOf(config);
    if (!steps.some(({ keyword }) => keyword !== null)) return undetermined(NO_HISTORY);
    const verdict = judge(steps);
    const hidden = steps.find((step) => isRedacted(step.text) && (step.keyword === null || DOES.has(step.keyword)));
    if (verdict.status !== 'pass' || !hidden) return verdict;
    return undetermined(`${resourceOf(hidden)} held a secret and was not kept: what else it does is not known.`);
  });
}

/** Judges the noted files that containers see. */
export function onFiles(judge: (notes: FileNote[]) => Verdict) {
  return onAllFiles((notes) => judge(notes.filter(({ removed }) => !removed)));
}

/** Judges the noted files, with those that a later layer removed. */
export function onAllFiles(judge: (notes: FileNote[]) => Verdict) {
  return ({ inventory }: ImageSubject): Verdict => {
    return inventory.image === null ? notApplicable(NO_FILES) : judge(inventory.image.notes);
  };
}

export function withTrait(notes: readonly FileNote[], ...traits: FileTrait[]): FileNote[] {
  return notes.filter((note) => note.traits.some((trait) => traits.includes(trait)));
}

/** `RUN`, step 4 of the history. */
export function resourceOf({ keyword, step }: Instruction): string {
  return `history ${step}${keyword === null ? '' : ` ${keyword}`}`;
}

/** Whether a text held a secret, in whose place it says so. */
export function isRedacted(text: string): boolean {
  return text.includes(REDACTED);
}

/** Instructions that controls over the history ask about. */
const DOES = new Set(['RUN', 'ADD']);

/** Characters: a hundred times what long histories have. A longer one was made to take time. */
const MAX_HISTORY = 2 ** 20;

const LONG_HISTORY = 'The history of the build is longer than any real one, and was not looked at.';
const NO_CONFIG =
  'The target has no image configuration: a root file system says nothing of how it is run or was built.';
const NO_HISTORY =
  'The image tells nothing of how it was built: its history is empty, or was written by no known builder.';
const NO_FILES = 'The target was read without its files.';
