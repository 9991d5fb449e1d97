import type { ImageConfig } from '../../../model/image-config.js';

/** One step of an image's build, as its history tells it. */
export interface Instruction {
  /** `RUN`, `ADD`, `ENV`, …; null for what is none of a build file, as other builders write. */
  keyword: string | null;
  /** What follows the keyword: of RUN the command alone, without shell and build arguments. */
  text: string;
  /** The build arguments that a RUN could see, with their values. */
  buildArguments: { name: string; value: string }[];
  /** Place in the history, from 1. */
  step: number;
  /** It made a layer. */
  layered: boolean;
}

const KEYWORD =
  /^(RUN|ADD|COPY|ENV|ARG|USER|HEALTHCHECK|EXPOSE|CMD|ENTRYPOINT|LABEL|WORKDIR|VOLUME|SHELL|STOPSIGNAL|ONBUILD|MAINTAINER)(?:\s+|$)/i;

/** Docker's first builder wrote each step as a command that does nothing, with the instruction as a comment. */
const NOTHING = /^(?:\S*sh -c|cmd \/S \/C|powershell\S* -Command)\s+#\(nop\)\s*/i;

/** A shell that a RUN is handed to, `/bin/sh -c `, `/bin/bash -o pipefail -eux -c `. */
const SHELL = /^(?:\S*\/)?(?:a|ba|da|k|z)?sh(?:\s+(?:-[A-Za-z]+|pipefail|errexit|nounset)){0,8}\s+-[a-z]*c\s+/;
const WINDOWS_SHELL =
  /^(?:\S*\\)?(?:cmd(?:\.exe)?\s+\/S\s+\/C|(?:powershell|pwsh)(?:\.exe)?(?:\s+-\w+)*\s+-Command)\s+/i;

/**
 * The steps that a history tells of, in order. It knows the forms of Docker's first builder (`/bin/sh -c #(nop) ADD …`),
 * of BuildKit (`RUN |1 A=b /bin/sh -c … # buildkit`), of buildah and of kaniko. Entries that tell nothing are left out.
 */
export function instructionsOf({ history }: Pick<ImageConfig, 'history'>): Instruction[] {
  return history.flatMap(({ createdBy, emptyLayer }, index) => {
    const parsed = createdBy === null ? null : parseInstruction(createdBy);
    return parsed ? [{ ...parsed, step: index + 1, layered: !emptyLayer }] : [];
  });
}

/** What one entry of the history says; null for an empty one. */
export function parseInstruction(createdBy: string): Omit<Instruction, 'step' | 'layered'> | null {
  const text = withoutTail(createdBy.trim());
  if (text === '') return null;
  const nothing = NOTHING.exec(text);
  if (nothing) return ofKeyword(text.slice(nothing[0].length)) ?? other(text);
  if (text.startsWith('|') || SHELL.test(text) || WINDOWS_SHELL.test(text)) return run(text);
  return ofKeyword(text) ?? other(text);
}

/** BuildKit marks its steps. */
function withoutTail(text: string): string {
  return text.endsWith('# buildkit') ? text.slice(0, -'# buildkit'.length).trimEnd() : text;
}

function ofKeyword(text: string): Omit<Instruction, 'step' | 'layered'> | null {
  const match = KEYWORD.exec(text);
  if (!match?.[1]) return null;
  const keyword = match[1].toUpperCase();
  const rest = text.slice(match[0].length).trim();
  return keyword === 'RUN' ? run(rest) : { keyword, text: rest, buildArguments: [] };
}

function other(text: string): Omit<Instruction, 'step' | 'layered'> {
  return { keyword: null, text, buildArguments: [] };
}

/** `|2 A=1 B=two words /bin/sh -c command`: how many build arguments, then each; values are not quoted. */
function run(text: string): Omit<Instruction, 'step' | 'layered'> {
  const counted = /^\|(\d{1,3})\s+/.exec(text);
  if (!counted) return { keyword: 'RUN', text: withoutShell(text), buildArguments: [] };
  const buildArguments: Instruction['buildArguments'] = [];
  let rest = text.slice(counted[0].length);
  for (let left = Number(counted[1]); left > 0; left -= 1) {
    const name = /^([A-Za-z_][A-Za-z0-9_.-]*)=/.exec(rest)?.[1];
    if (name === undefined) break;
    rest = rest.slice(name.length + 1);
    const end = left > 1 ? startOfArgument(rest) : startOfShell(rest);
    buildArguments.push({ name, value: rest.slice(0, end).trim() });
    rest = rest.slice(end).trimStart();
  }
  return { keyword: 'RUN', text: withoutShell(rest), buildArguments };
}

function startOfArgument(text: string): number {
  const next = /(?:^|\s)[A-Za-z_][A-Za-z0-9_.-]*=/.exec(text);
  return next ? next.index : text.length;
}

/** The first word that is a shell with its options; without one, the first blank ends the value. */
function startOfShell(text: string): number {
  for (const { index } of text.matchAll(/(?<=^|\s)\S/g)) {
    const word = text.slice(index, index + 200);
    if (SHELL.test(word) || WINDOWS_SHELL.test(word)) return index;
  }
  const blank = text.search(/\s/);
  return blank < 0 ? text.length : blank;
}

function withoutShell(text: string): string {
  const shell = SHELL.exec(text) ?? WINDOWS_SHELL.exec(text);
  return shell ? text.slice(shell[0].length).trim() : text;
}
