import { createHash } from 'node:crypto';
import { PackageURL } from 'packageurl-js';
import type { FixState } from '../../model/finding.js';
import { parseImageName } from '../../model/image-name.js';
import type { VexJustification, VexStatus } from '../../model/vex.js';

/** What an OpenVEX document tells of: what one scan found, as it is known at one time. */
export interface OpenVexSubject {
  target: { reference: string; name: string | null };
  /** Of the image's manifest, `sha256:…`; null where there is none. */
  imageDigest: string | null;
  inventoryDigest: string;
  /** When the scan ended. */
  time: Date;
  findings: readonly OpenVexFinding[];
  toolVersion: string;
}

/** A vulnerability that is there, whatever was said of it. */
export interface OpenVexFinding {
  ruleId: string;
  aliases: readonly string[];
  status: 'open' | 'undetermined' | 'suppressed';
  purl: string;
  fixedVersion: string | null;
  fixState: FixState;
  /** The statement that counts for it; null where nobody says anything. */
  vex: { status: VexStatus; justification: VexJustification | null; detail: string | null } | null;
}

/** The same subject gives the same document, byte for byte (OpenVEX 0.2.0, https://github.com/openvex/spec). */
export function openVex(subject: OpenVexSubject): object {
  const product = productOf(subject);
  const statements = [...groupedBy(subject.findings)].map(([, findings]) => statementOf(findings, product));
  const time = subject.time.toISOString();
  const id = createHash('sha256')
    .update(JSON.stringify([subject.inventoryDigest, subject.toolVersion, time, statements]))
    .digest('hex');
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `urn:plimsoll:vex:${id}`,
    author: 'Plimsoll',
    role: 'Security audit',
    timestamp: time,
    version: 1,
    tooling: `plimsoll/${subject.toolVersion}`,
    statements,
  };
}

/** Findings that one statement tells of, in the order of vulnerabilities. */
function groupedBy(findings: readonly OpenVexFinding[]): Map<string, [OpenVexFinding, ...OpenVexFinding[]]> {
  const groups = new Map<string, [OpenVexFinding, ...OpenVexFinding[]]>();
  const sorted = findings.toSorted((a, b) => compare(a.ruleId, b.ruleId) || compare(a.purl, b.purl));
  for (const finding of sorted) {
    const key = JSON.stringify([finding.ruleId, sayingOf(finding)]);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return groups;
}

function statementOf(findings: [OpenVexFinding, ...OpenVexFinding[]], product: object): object {
  const [{ ruleId, aliases }] = findings;
  return {
    vulnerability: { name: ruleId, ...(aliases.length > 0 && { aliases: [...aliases] }) },
    products: [{ ...product, subcomponents: findings.map(({ purl }) => ({ '@id': purl })) }],
    ...sayingOf(findings[0]),
  };
}

/** What others said of it, else what was found. "affected" has to say what to do. */
function sayingOf({ status, vex, fixedVersion, fixState }: OpenVexFinding): Record<string, string> {
  if (vex !== null && vex.status !== 'affected') {
    const { status: said, justification, detail } = vex;
    return {
      status: said,
      ...(justification !== null && { justification }),
      ...(detail !== null && { [said === 'not_affected' ? 'impact_statement' : 'status_notes']: detail }),
    };
  }
  if (status === 'undetermined') {
    return { status: 'under_investigation', status_notes: 'The versions cannot be ordered: check by hand.' };
  }
  return { status: 'affected', action_statement: vex?.detail ?? actionOf(fixedVersion, fixState) };
}

function actionOf(fixedVersion: string | null, fixState: FixState): string {
  if (fixedVersion !== null) return `Update to ${fixedVersion} or later.`;
  switch (fixState) {
    case 'wont_fix':
      return 'The vendor will not fix it: replace the package, or take away what it is reached by.';
    case 'end_of_life':
      return 'The release gets no fixes any more: move to one that is supported.';
    case 'deferred':
      return 'The vendor has put the fix off: take away what it is reached by, and watch for an update.';
    case 'fixed':
    case 'not_fixed':
    case 'unknown':
      return 'There is no fix yet: take away what it is reached by, and watch for an update.';
  }
}

/** A purl where the image is from a registry, else the reference; with the digest of its manifest. */
function productOf({ target, imageDigest, inventoryDigest }: OpenVexSubject): object {
  const purl = ociPurl(target.reference, imageDigest);
  const isUpload = target.reference.startsWith('upload:');
  const id = purl ?? (isUpload ? (target.name ?? inventoryDigest) : target.reference);
  return {
    '@id': id,
    ...(purl !== null && { identifiers: { purl } }),
    ...(imageDigest !== null && { hashes: { 'sha-256': imageDigest.replace(/^sha256:/, '') } }),
  };
}

function ociPurl(reference: string, digest: string | null): string | null {
  if (!reference.startsWith('docker://') || digest === null) return null;
  const name = parseImageName(reference.slice('docker://'.length));
  const repository = `${name.host}/${name.repository}`;
  const qualifiers = { repository_url: repository, ...(name.tag !== null && { tag: name.tag }) };
  return new PackageURL('oci', undefined, repository.split('/').at(-1) ?? '', digest, qualifiers, undefined).toString();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
