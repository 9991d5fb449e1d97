/** What could not be examined, and why. A scan with any item is `partial`. */
export interface CoverageItem {
  code: CoverageCode;
  /** A path, a layer, a package's purl or an ecosystem: what the item is about. */
  subject: string;
  message: string;
}

export type CoverageCode =
  /** A file that holds packages could not be parsed. */
  | 'file_unparsable'
  /** A file that holds packages is over the size limit. */
  | 'file_too_large'
  /** A file that holds packages is a link whose target was not read. */
  | 'link_unresolved'
  /** A folder or file could not be opened. */
  | 'path_unreadable'
  | 'layer_too_large'
  /** A layer in a compression or of a media type that is not read. */
  | 'layer_unsupported'
  /** A layer that is not stored with the image, as foreign layers are not. */
  | 'layer_missing'
  /** A part of an image's configuration that does not have the form of the specification. */
  | 'config_unreadable'
  /** A file was not searched for secrets to its end, or has more than are told of. */
  | 'secrets_incomplete'
  /** More of something than is kept or looked at. */
  | 'limit_exceeded'
  /** Nothing that an extractor knows was found. */
  | 'nothing_recognised'
  /** Packages of a distribution that /etc/os-release does not name, or that has no advisories here. */
  | 'distribution_unknown'
  /** No feed has advisories for an ecosystem that the target has packages of. */
  | 'advisories_missing'
  /** The advisories of an ecosystem were not confirmed for long: it was looked for, in old ones. */
  | 'advisories_stale'
  /** A component of an SBOM that is no package by its purl, or of a kind that has no advisories here. */
  | 'component_unidentified'
  /** A system's package that does not name the source package, under which its advisories are filed. */
  | 'source_unnamed'
  /** An SBOM that does not list everything, by its own word or because it leaves out what matching needs. */
  | 'sbom_incomplete'
  /** A package's version, or an advisory's, cannot be ordered; or not against each other. */
  | 'version_undetermined'
  /** A system's package that its distribution did not build, and that no advisories are about. */
  | 'third_party_package'
  /** A package whose name is a guess, and that would be vulnerable under another. */
  | 'name_undetermined'
  /** A kind of facts of a host that is not known, or in part: `subject` names it. */
  | 'facts_missing';

export interface Coverage {
  complete: boolean;
  items: CoverageItem[];
}
