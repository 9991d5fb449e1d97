import type { Instruction } from './instruction.js';
import { isLiteral, isSecretName } from './secret-name.js';

/** A secret that stands in a text, by where its value is. */
export interface WrittenSecret {
  /** What it is called: a variable, an option, or `URL` for a password in one. */
  name: string;
  /** Of the value in the text: [start, end). */
  start: number;
  end: number;
}

/** `NAME=value`, `--name=value` or `--name value`; the value quoted, a command's output, or up to a blank. */
const ASSIGNMENT =
  /(?<=^|[\s"'`({;|&?])(?:--?([A-Za-z][\w.-]{1,100})(?:=|\s{1,20}(?!-|[A-Za-z_][\w.-]{0,100}=))|([A-Za-z_][\w.-]{1,100})=)((?:\$\([^)]{0,4096}\)|`[^`]{0,4096}`|"(?:[^"\\]|\\.){0,4096}"|'[^']{0,4096}'|[^\s"'`;|&)}]){1,4096})/g;

/** A password before the host of a URL, RFC 3986 §3.2.1. */
const USER_INFO = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,200}:([^\s/@"']{1,400})@/gi;

/** Passwords and tokens that a command line has as literals, by the names that they are given to. */
export function writtenSecrets(text: string): WrittenSecret[] {
  const found: WrittenSecret[] = [];
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [whole, option, variable, value = ''] = match;
    const name = option ?? variable ?? '';
    if (!isSecretName(name) || !isLiteral(value)) continue;
    const end = match.index + whole.length;
    found.push({ name, start: end - value.length, end });
  }
  for (const match of text.matchAll(USER_INFO)) {
    const [whole, password = ''] = match;
    if (!isLiteral(password)) continue;
    const end = match.index + whole.length - 1;
    found.push({ name: 'URL', start: end - password.length, end });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The variables that a step of a build sets or could see and whose values are literal secrets. */
export function assignedSecrets(step: Pick<Instruction, 'keyword' | 'text' | 'buildArguments'>): Assignment[] {
  const isAssignment = step.keyword === 'ENV' || step.keyword === 'ARG' || step.keyword === 'LABEL';
  const assigned = [...step.buildArguments, ...(isAssignment ? assignmentsOf(step.text) : [])];
  return assigned.filter(({ name, value }) => isSecretName(name) && isLiteral(value));
}

interface Assignment {
  name: string;
  value: string;
}

/** `A=1 B=two words`, as builders print it without quotes; or the old form, `A value`. */
function assignmentsOf(text: string): Assignment[] {
  const starts = [...text.matchAll(/(?<=^|\s)"?([A-Za-z_][\w.-]{0,200})"?=/g)];
  const [, oldName, oldValue] = /^([A-Za-z_][\w.-]{0,200})\s+(\S.*)$/s.exec(text) ?? [];
  if (oldName !== undefined && oldValue !== undefined) return [{ name: oldName, value: oldValue }];
  return starts.map((match, index) => {
    const end = starts[index + 1]?.index ?? text.length;
    return { name: match[1] ?? '', value: text.slice(match.index + match[0].length, end).trim() };
  });
}
