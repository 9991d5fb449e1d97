import type { FileView } from '../file-view.js';

/**
 * Reads one form of rpm's database and yields the header of each package in it, as bytes that stay valid. It ends after
 * at most as many steps as the file has pages or blocks, whatever the file says, and never throws: damage is told to
 * `fault`, and what can be read beside it is yielded.
 */
export type HeaderSource = (file: FileView, fault: Fault) => Generator<Buffer>;

/** @param what is wrong, as the object of "the file has" */
export type Fault = (what: string) => void;

/** rpm itself takes up to 256 MiB; the header of a package with a million files is not half of this. Bytes. */
export const MAX_HEADER = 128 * 1024 * 1024;
