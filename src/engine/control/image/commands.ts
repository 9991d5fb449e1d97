/** One program that a RUN starts: its words, without what only prepares it (`sudo`, `env`, `A=b`). */
export interface Command {
  /** Without its folder: `apt-get`. */
  name: string;
  arguments: string[];
  /** The text that it was read from. */
  text: string;
}

/** Commands whose output is each other's input, in order. */
export type Pipeline = Command[];

const MAX_COMMANDS = 10_000;

/** What may stand before a program's name. */
const PREFIX = new Set(['sudo', 'env', 'exec', 'command', 'time', 'nice', 'then', 'do', 'else', 'if', '!', '{', '(']);

/**
 * The programs of a RUN, as far as a look at the text shows them: separators in quotes are taken for separators, and
 * nothing is expanded. So it tells what a command line mentions, and never what it does.
 */
export function pipelinesOf(text: string): Pipeline[] {
  const joined = text.replace(/\\\r?\n/g, ' ');
  const pipelines = joined.split(/&&|\|\||;|\n/, MAX_COMMANDS);
  return pipelines.map((part) => part.split('|').flatMap(commandOf)).filter((commands) => commands.length > 0);
}

function commandOf(text: string): Command[] {
  const words = text.trim().split(/\s+/);
  let first = 0;
  while (first < words.length && isPrefix(words[first] ?? '', first > 0)) first += 1;
  const program = words[first]?.replace(/^[({"'`]+|[)}"'`]+$/g, '') ?? '';
  if (program === '') return [];
  const name = program.slice(program.lastIndexOf('/') + 1);
  return [{ name, arguments: words.slice(first + 1), text: text.trim() }];
}

function isPrefix(word: string, isAfterPrefix: boolean): boolean {
  // Options of a prefix, as `sudo -E`.
  return PREFIX.has(word) || /^[A-Za-z_][A-Za-z0-9_]*=/.test(word) || (isAfterPrefix && word.startsWith('-'));
}
