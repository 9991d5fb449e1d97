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
  /** Statements that do not have the form of their standard; the rest is kept. */
  rejected: { entry: string; reason: string }[];
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
