import type { Finding } from '../model/finding.js';
import { findingsTable } from './table.js';
import type { Wire } from './wire.js';

export const OUTPUT_FORMATS = ['table', 'json'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Where nobody knows the width of a line: a file, a pipe. */
const DEFAULT_WIDTH = 160;

export function printTable(findings: readonly Wire<Finding>[]): void {
  const { stdout } = process;
  // `hasColors` knows NO_COLOR and FORCE_COLOR.
  const colour = stdout.isTTY === true && stdout.hasColors();
  printLine(findingsTable(findings, { colour, width: stdout.isTTY ? stdout.columns : DEFAULT_WIDTH }));
}

export function printJson(value: unknown): void {
  printLine(JSON.stringify(value, null, 2));
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}
