import { z } from 'zod';

/** The first fault of a record that was refused, in one line: `releases.bookworm.status: …`. */
export function faultOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : String(error);
  const [issue] = error.issues;
  return issue ? `${printable(issue.path.join('.')) || 'record'}: ${issue.message}` : 'record: invalid';
}

/** What a feed says, short and without control characters, for messages. */
export function printable(text: string): string {
  return text.slice(0, 200).replace(/\p{Cc}/gu, '?');
}
