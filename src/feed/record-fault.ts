import { z } from 'zod';

/** Why a record was refused, in one line: of a schema's faults the first, `affected.0.package.name: …`. */
export function describeFault(error: unknown): string {
  if (!(error instanceof z.ZodError)) return (error instanceof Error ? error.message : String(error)).slice(0, 300);
  const [issue] = error.issues;
  return issue ? `${printable(issue.path.join('.')) || 'record'}: ${issue.message}`.slice(0, 300) : 'record: invalid';
}

/** What a feed says, short and without control characters, for messages. */
export function printable(text: string): string {
  return text.slice(0, 200).replace(/\p{Cc}/gu, '?');
}
