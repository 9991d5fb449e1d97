/**
 * Raised when the rules of matching change what is concluded of the same package and the same advisories, or the names that
 * advisories are asked for by: the service that starts with another version matches every stored package again.
 */
export const MATCHER_VERSION = 1;
