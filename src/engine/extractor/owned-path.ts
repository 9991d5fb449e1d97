/** Folders of documentation and data, where no package of a language is installed. */
const DATA_FOLDERS =
  /^(?:usr\/share\/(?:doc|man|info|locale|i18n|zoneinfo|bash-completion|icons|fonts|help|licenses)|etc|var|boot|dev)\//;

/** Endings of files that are neither executable nor described by any extractor. */
const DATA_ENDING =
  /\.(?:h|c|hpp|html?|css|png|svg|gif|pod|mo|gz|xz|bz2|conf|service|ko|py|pyc|pl|pm|rb|el|vim|list|md5sums)$/;

/**
 * Whether a file that a system's package owns may be one that an extractor of a language finds packages in. Remembering
 * the others would cost more than it tells.
 *
 * @param path as `ownedForm` gives it
 */
export function mayHoldPackages(path: string): boolean {
  return !DATA_FOLDERS.test(path) && !DATA_ENDING.test(path);
}

/**
 * The form in which owned paths are compared: without leading slash, and the folders that merged-/usr systems link to
 * /usr (`/bin`, `/sbin`, `/lib*`) named there, as packages were built with either.
 */
export function ownedForm(path: string): string {
  const bare = path.replace(/^(?:\.?\/)+/, '');
  return /^(?:s?bin|lib(?:32|64|x32|o32)?)\//.test(bare) ? `usr/${bare}` : bare;
}
