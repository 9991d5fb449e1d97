import type { ControlResult, ControlStatus, Evidence } from '../../model/control.js';
import type { CoverageCode, CoverageItem } from '../../model/coverage.js';
import type { FindingKind } from '../../model/finding.js';
import type { Severity } from '../../model/severity.js';

/**
 * One rule that a target's facts pass or fail: a pure function of them. `S` is what is judged, as an image's facts; `F`
 * names those that a control may rest on.
 */
export interface Control<S, F extends string = ImageFact> {
  /** In lower case, words with hyphens; what the control asks for: `non-root-user`. Never reused. */
  id: string;
  /** What is asked for, one sentence without a full stop. */
  title: string;
  /** The finding's title when it fails, likewise. */
  problem: string;
  severity: Severity;
  /** What it looks at, for the documentation: Markdown, one sentence. */
  looksAt: string;
  /** What to do when it fails: sentences. */
  remediation: string;
  /**
   * The kind of finding that a failure opens; null where findings of another engine tell of the same already, one for
   * each thing, and where it is no property of the target.
   */
  opens: Extract<FindingKind, 'misconfiguration'> | null;
  /** A failure opens a finding for each resource of its evidence, as each is mended by itself; else one for the target. */
  eachResource?: true;
  /** The facts that it rests on: while some of them could not be read, that nothing was found is no pass. */
  restsOn: F[];
  judge(subject: S): Verdict;
}

/** Which facts of an image, as far as a gap in reading them concerns a control. */
type ImageFact = 'files' | 'secrets' | 'packages' | 'user' | 'env' | 'healthcheck' | 'ports' | 'created' | 'history';

/** What a control says before gaps are weighed. */
export interface Verdict {
  status: ControlStatus;
  reason: string;
  evidence: Evidence[];
}

/** More of one failure proves nothing more; the reason says how many there are. */
const MAX_EVIDENCE = 50;
/** Characters of one piece, and of a reason. */
const MAX_VALUE = 300;
const MAX_REASON = 1_000;

/**
 * Judges a target by each control, in their order. A control that does not fail but rests on facts with a gap is
 * `undetermined`.
 *
 * @param onFault told of a control that threw, which is a fault of the control; its result is `undetermined`
 */
export function judgeControls<S>(
  controls: readonly Control<S>[],
  subject: S,
  gaps: readonly CoverageItem[],
  onFault: (id: string, error: unknown) => void,
): ControlResult[] {
  return controls.map((control) => resultOf(control, verdictOf(control, subject, gaps, onFault)));
}

/** What is kept of a verdict: bounded. */
export function resultOf(
  { id, title, severity, remediation }: Pick<ControlResult, 'id' | 'title' | 'severity' | 'remediation'>,
  verdict: Verdict,
): ControlResult {
  const reason = shortened(verdict.reason, MAX_REASON);
  const evidence = verdict.evidence.slice(0, MAX_EVIDENCE).map(bounded);
  return { id, title, severity, status: verdict.status, reason, evidence, remediation };
}

/** A control's own verdict; one that throws has decided nothing. */
export function ownVerdict<S, F extends string>(
  control: Control<S, F>,
  subject: S,
  onFault: (id: string, error: unknown) => void,
): Verdict {
  try {
    return control.judge(subject);
  } catch (error) {
    onFault(control.id, error);
    return undetermined('The control failed to judge these facts: the log of the worker has the details.');
  }
}

export function pass(reason: string): Verdict {
  return { status: 'pass', reason, evidence: [] };
}

export function fail(reason: string, evidence: Evidence[]): Verdict {
  return { status: 'fail', reason, evidence };
}

export function manual(reason: string, evidence: Evidence[] = []): Verdict {
  return { status: 'manual', reason, evidence };
}

export function notApplicable(reason: string): Verdict {
  return { status: 'not_applicable', reason, evidence: [] };
}

export function undetermined(reason: string): Verdict {
  return { status: 'undetermined', reason, evidence: [] };
}

/** Passes when there is nothing to show. `what` names it, with its number: `3 files are …`. */
export function failIfAny(evidence: Evidence[], what: (count: number) => string, none: string): Verdict {
  return evidence.length === 0 ? pass(none) : fail(what(evidence.length), evidence);
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

function verdictOf<S>(
  control: Control<S>,
  subject: S,
  gaps: readonly CoverageItem[],
  onFault: (id: string, error: unknown) => void,
): Verdict {
  const verdict = ownVerdict(control, subject, onFault);
  if (verdict.status !== 'pass' && verdict.status !== 'manual') return verdict;
  const [gap, ...others] = gaps.filter((item) => control.restsOn.some((source) => hides(item, source)));
  if (gap === undefined) return verdict;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  const reason = `Nothing was found, but not everything could be read (${gap.code} ${gap.subject}${more}).`;
  return { ...verdict, status: 'undetermined', reason };
}

/** Gaps that hide no package: it was read and only not matched, or there is no database, and files tell what there is. */
const HIDES_NO_PACKAGE: ReadonlySet<CoverageCode> = new Set([
  'config_unreadable',
  'secrets_incomplete',
  'nothing_recognised',
  'distribution_unknown',
  'advisories_missing',
  'advisories_stale',
  'version_undetermined',
  'third_party_package',
  'name_undetermined',
]);

/** Gaps that hide no file: what they tell of concerns packages or matching alone. */
const HIDES_NO_FILE: ReadonlySet<CoverageCode> = new Set([
  ...HIDES_NO_PACKAGE,
  'file_unparsable',
  'file_too_large',
  'link_unresolved',
]);

/** The subjects that `config_unreadable` has for the fields of a configuration. */
const FIELDS: Record<Exclude<ImageFact, 'files' | 'secrets' | 'packages'>, string> = {
  user: 'config.User',
  env: 'config.Env',
  healthcheck: 'config.Healthcheck',
  ports: 'config.ExposedPorts',
  created: 'created',
  history: 'history',
};

/** Whether some file or package may not have been seen. */
export function mayHidePackages(gaps: readonly CoverageItem[]): boolean {
  return gaps.some((gap) => hides(gap, 'packages'));
}

/** Whether facts of a source may be missing because of a gap; codes that are not known here hide everything. */
function hides({ code, subject }: CoverageItem, source: ImageFact): boolean {
  if (source === 'files') return !HIDES_NO_FILE.has(code);
  if (source === 'secrets') return code === 'secrets_incomplete' || !HIDES_NO_FILE.has(code);
  if (source === 'packages') return !HIDES_NO_PACKAGE.has(code);
  if (code !== 'config_unreadable') return false;
  const field = FIELDS[source];
  return (
    subject === field ||
    subject.startsWith(`${field}.`) ||
    field.startsWith(`${subject}.`) ||
    !/^[a-z]+(?:\.|$)/.test(subject)
  );
}

function bounded({ resource, path, value }: Evidence): Evidence {
  return { resource: shortenedOrNull(resource), path: shortenedOrNull(path), value: shortenedOrNull(value) };
}

function shortenedOrNull(text: string | null): string | null {
  return text === null ? null : shortened(text, MAX_VALUE);
}

/** Neither control characters nor lone surrogates: it comes from images. */
function shortened(text: string, max: number): string {
  // Cut first: what is replaced is never longer than it was.
  const printable = text
    .slice(0, max + 1)
    .replace(/\p{Cc}/gu, ' ')
    .toWellFormed();
  return printable.length <= max ? printable : `${printable.slice(0, max - 1).toWellFormed()}…`;
}
