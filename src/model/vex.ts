import type { Distribution } from './distribution.js';
import type { SourcePackage } from './package.js';

/** OpenVEX, "Status Labels": what a statement says of a vulnerability in a product. */
export const VEX_STATUSES = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const;
export type VexStatus = (typeof VEX_STATUSES)[number];

/** OpenVEX, "Status Justifications": why a product is not affected. */
export const VEX_JUSTIFICATIONS = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const;
export type VexJustification = (typeof VEX_JUSTIFICATIONS)[number];

export const VEX_FORMATS = ['openvex', 'cyclonedx', 'csaf'] as const;
export type VexFormat = (typeof VEX_FORMATS)[number];

/** A document of statements, by a vendor or by the operator. */
export interface VexDocument {
  format: VexFormat;
  /** As the document names itself; null where it does not. */
  id: string | null;
  author: string | null;
  /** Of its last change; null where it does not say. */
  time: Date | null;
  statements: VexStatement[];
  /** Statements that do not have the form of their standard; the rest is kept. The first of them by name. */
  rejected: RejectedStatement[];
  /** Of all of them. */
  rejectedCount: number;
}

export interface RejectedStatement {
  /** Where in the document, as `statements.3`. */
  entry: string;
  reason: string;
}

export interface VexStatement {
  /** The vulnerability's id and its other names, distinct; any of them names it. */
  vulnerabilities: string[];
  products: VexProduct[];
  status: VexStatus;
  justification: VexJustification | null;
  /** Why it is not affected, what to do, or what else its author says; null where nothing. */
  detail: string | null;
  /** Of the statement, else of its document; null where neither says. */
  time: Date | null;
}

/** What a statement is about: a package anywhere, or an image; and then only some packages of it, where it names them. */
export interface VexProduct {
  /** As written: a purl, a reference of an image, a name. */
  id: string;
  /** Package URLs that identify it. */
  purls: string[];
  /** Of an image, `sha256:…`. */
  digests: string[];
  /** Package URLs; none: all of the product. */
  subcomponents: string[];
}

/** A document as a project keeps it, without its statements. */
export interface StoredVexDocument extends Omit<VexDocument, 'id' | 'statements'> {
  id: string;
  /** As the document names itself; null where it does not. */
  documentId: string | null;
  /** `sha256:…` of its JSON without white space. */
  digest: string;
  statementCount: number;
  /** When it came first, and by whom this version of it. */
  createdAt: Date;
  updatedAt: Date;
  createdBy: string;
}

/** What a document that came or went did to findings. */
export interface VexEffect {
  /** No longer open. */
  suppressed: number;
  /** Open again. */
  restored: number;
  /** As open as they were, but shown with another statement, or with none any more. */
  annotated: number;
}

export const NO_EFFECT: VexEffect = { suppressed: 0, restored: 0, annotated: 0 };

export const VEX_OUTCOMES = ['created', 'replaced', 'unchanged'] as const;
export type VexOutcome = (typeof VEX_OUTCOMES)[number];

export interface VexImport {
  document: StoredVexDocument;
  /** `unchanged`: just this document was there already. */
  outcome: VexOutcome;
  effect: VexEffect;
}

/** The statement that counts for a finding, and whose it is. */
export interface FindingVex {
  status: VexStatus;
  justification: VexJustification | null;
  detail: string | null;
  /** Of the stored document. */
  documentId: string;
  /** As the document names itself. */
  document: string | null;
  author: string | null;
  time: Date | null;
}

/** A statement of a stored document, with what a finding shows of where it is from. */
export interface SourcedStatement extends VexStatement {
  documentId: string;
  document: string | null;
  author: string | null;
}

/** What a statement may be about: a finding of a vulnerability in a package. */
export interface VexSubject {
  /** Its id and all other names. */
  vulnerabilities: readonly string[];
  package: NamedPackage;
  distribution: Distribution | null;
  image: NamedImage;
}

/** An installed package, as a statement may name it. */
export interface NamedPackage {
  purl: string;
  source: SourcePackage | null;
}

/** A target, as a statement may name it. */
export interface NamedImage {
  /** As it is registered: `docker://alpine:3.20`. */
  reference: string;
  name: string | null;
  /** Of its manifest, of the reference and of its inventory, `sha256:…`. */
  digests: readonly string[];
}

/** Which of some statements counts for a finding, and whether it then needs no more attention; null: none is about it. */
export type VexDecider = <S extends VexStatement>(
  subject: VexSubject,
  statements: readonly S[],
) => { statement: S; suppresses: boolean } | null;

export function findingVex({
  status,
  justification,
  detail,
  documentId,
  document,
  author,
  time,
}: SourcedStatement): FindingVex {
  return { status, justification, detail, documentId, document, author, time };
}
