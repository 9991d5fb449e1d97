import { z } from 'zod';
import { type LogHead, parseCheckpointText } from './checkpoint-note.js';
import { type NoteKey, parseNote, parseVerifierKey, signerOf } from './signed-note.js';

const document = z.object({ note: z.string(), verifierKey: z.string().optional() });

export type OpenedCheckpoint = { head: LogHead; key: NoteKey } | { fault: string };

/**
 * Reads a checkpoint that was kept: the note, or the JSON that the API answered, of which only the signed note counts.
 *
 * @param trusted the keys that may have signed; when empty, the one that stands beside the note in the JSON
 */
export function openCheckpoint(text: string, trusted: readonly NoteKey[]): OpenedCheckpoint {
  const { note, verifierKey } = noteOf(text);
  const signed = parseNote(note);
  if (signed === null) return { fault: 'is no signed note' };
  const beside = verifierKey === undefined ? null : parseVerifierKey(verifierKey);
  const keys = trusted.length > 0 ? trusted : beside ? [beside] : [];
  if (keys.length === 0) return { fault: 'comes without a key, and none is given: name one by --key' };
  const key = signerOf(signed, keys);
  if (key === null) {
    const by = signed.signatures.map(({ keyId }) => keyId).join(', ') || 'nobody';
    return { fault: `is not signed by ${keys.map(({ id }) => id).join(' or ')} (it names ${by})` };
  }
  const head = parseCheckpointText(signed.text);
  return head === null ? { fault: 'is signed, and not the text of a checkpoint' } : { head, key };
}

function noteOf(text: string): { note: string; verifierKey?: string | undefined } {
  try {
    const parsed = document.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : { note: text };
  } catch {
    return { note: text };
  }
}
