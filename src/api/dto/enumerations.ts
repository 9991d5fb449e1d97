import { EXPOSED } from '../../model/cluster/running-workload.js';
import { CONTROL_STATUSES } from '../../model/control.js';
import { BOUNDARY_KINDS, BOUNDARY_POSITIONS, RANGE_VERDICTS, RECORD_ROLES } from '../../model/explanation.js';
import { FEED_STATUSES } from '../../model/feed.js';
import { FINDING_KINDS, FINDING_STATUSES, FIX_STATES } from '../../model/finding.js';
import { FINDING_CHANGES, PACKAGE_CHANGES } from '../../model/history.js';
import { AUDIT_STATUSES } from '../../model/host/audited-container.js';
import { REGISTRY_AUTHENTICATIONS } from '../../model/registry.js';
import { REPORT_FORMATS } from '../../model/report.js';
import { SBOM_FORMATS } from '../../model/sbom.js';
import { SCAN_PHASES, SCAN_STATUSES } from '../../model/scan.js';
import { SCHEDULE_RUN_REASONS, SKIP_REASONS } from '../../model/schedule.js';
import { SEVERITIES } from '../../model/severity.js';
import { TARGET_KINDS } from '../../model/target.js';
import { VEX_FORMATS, VEX_JUSTIFICATIONS, VEX_OUTCOMES, VEX_STATUSES } from '../../model/vex.js';
import { MATCH_STATUSES } from '../../model/vulnerability.js';
import { Enumeration } from './enumeration.js';

export const TargetKinds = new Enumeration('TargetKind', TARGET_KINDS, 'What is audited.');
export const ScanStatuses = new Enumeration(
  'ScanStatus',
  SCAN_STATUSES,
  'Where a scan is on its way; `partial` ended, but could not examine everything.',
);
export const ScanPhases = new Enumeration('ScanPhase', SCAN_PHASES, 'What a scan is doing.');
export const Severities = new Enumeration('Severity', SEVERITIES, 'How bad a finding is, worst first.');
export const FindingKinds = new Enumeration('FindingKind', FINDING_KINDS, 'What sort of problem a finding is.');
export const FindingStatuses = new Enumeration(
  'FindingStatus',
  FINDING_STATUSES,
  'Whether a finding is there; `undetermined` when it could not be decided, `suppressed` when somebody says that it needs no more attention.',
);
export const Exposures = new Enumeration(
  'Exposed',
  EXPOSED,
  'Whether somebody outside a cluster reaches a workload; `maybe` from some addresses, or as far as policies can be told.',
);
export const FindingChanges = new Enumeration(
  'FindingChangeKind',
  FINDING_CHANGES,
  'Which of two scans has a finding: `opened` is in the second alone, `fixed` in the first alone.',
);
export const PackageChanges = new Enumeration(
  'PackageChangeKind',
  PACKAGE_CHANGES,
  'What happened to a package between two scans; `changed` is the same package in another version or build.',
);
export const FixStates = new Enumeration('FixState', FIX_STATES, "What the package's maintainers did about a finding.");
export const RegistryAuthentications = new Enumeration(
  'RegistryAuthentication',
  REGISTRY_AUTHENTICATIONS,
  'Which credentials are kept for a registry.',
);
export const ScheduleRunReasons = new Enumeration(
  'ScheduleRunReason',
  SCHEDULE_RUN_REASONS,
  'Why a schedule ran; `missed` when it is late, which is made up for once however many runs were missed.',
);
export const SkipReasons = new Enumeration(
  'SkipReason',
  SKIP_REASONS,
  'Why a run left a target out: a scan of it waits or runs; it was uploaded and cannot be read anew; it was one too many.',
);
export const ControlStatuses = new Enumeration(
  'ControlStatus',
  CONTROL_STATUSES,
  'What a control said; `undetermined` when it could not be decided, which is never taken for `pass`.',
);
export const FeedStatuses = new Enumeration('FeedStatus', FEED_STATUSES, 'What a feed is doing.');
export const SbomFormats = new Enumeration('SbomFormat', SBOM_FORMATS, 'CycloneDX 1.6, or SPDX 2.3; both as JSON.');
export const ReportFormats = new Enumeration('ReportFormat', REPORT_FORMATS, 'OpenVEX 0.2.0.');
export const RecordRoles = new Enumeration(
  'RecordRole',
  RECORD_ROLES,
  'What a record was for: it decided; it was weighed, and another decided; or it is about the vulnerability without naming the package.',
);
export const RangeVerdicts = new Enumeration('RangeVerdict', RANGE_VERDICTS, 'What a record says of one version.');
export const BoundaryKinds = new Enumeration('BoundaryKind', BOUNDARY_KINDS, 'An event of a range, as OSV calls it.');
export const BoundaryPositions = new Enumeration(
  'BoundaryPosition',
  BOUNDARY_POSITIONS,
  'Where the installed version stands to a boundary; `unordered` when the two cannot be compared.',
);
export const MatchStatuses = new Enumeration(
  'MatchStatus',
  MATCH_STATUSES,
  'Whether a package was compared with advisories: `unmatched` when none are known for such packages, `invalid` for what is no package URL with a version.',
);
export const VexFormats = new Enumeration('VexFormat', VEX_FORMATS, 'What a VEX document is written in.');
export const VexStatuses = new Enumeration(
  'VexStatus',
  VEX_STATUSES,
  'What a statement says of a vulnerability in a product, in the words of OpenVEX.',
);
export const VexJustifications = new Enumeration(
  'VexJustification',
  VEX_JUSTIFICATIONS,
  'Why a product is not affected, in the words of OpenVEX.',
);
export const VexOutcomes = new Enumeration(
  'VexOutcome',
  VEX_OUTCOMES,
  'What an imported document was: new, the next version of one, or one that was there already.',
);
export const AuditStatuses = new Enumeration(
  'AuditStatus',
  AUDIT_STATUSES,
  'Whether the image of a container was audited, or how far the scan is that was asked for; `waiting`: the next scan of the host asks for one; `not_allowed` by the operator, in `PLIMSOLL_SCAN_IMAGES_IN_USE`; `not_running`: only what runs is asked for; `unnamed`: neither an engine nor a registry is known to have it.',
);
