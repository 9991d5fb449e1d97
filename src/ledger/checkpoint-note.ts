/** What a checkpoint says, apart from who signed it. */
export interface LogHead {
  origin: string;
  size: bigint;
  /** Hex. */
  head: string;
  /** RFC 3339 in UTC with milliseconds. */
  time: string;
}

/** The name of the key that signs. */
export const KEY_NAME = 'plimsoll';

export function originOf(projectId: string): string {
  return `plimsoll/${projectId}`;
}

/**
 * The lines of C2SP tlog-checkpoint: origin, size, hash in base64, and one of our own. The hash is the head of a chain and
 * not of a Merkle tree, so witnesses of transparency logs can keep such a checkpoint but not prove consistency with it.
 */
export function checkpointText({ origin, size, head, time }: LogHead): string {
  return `${origin}\n${size}\n${Buffer.from(head, 'hex').toString('base64')}\ntime ${time}\n`;
}

/** @returns null for what is no text of a checkpoint, to the byte */
export function parseCheckpointText(text: string): LogHead | null {
  const form = /^(plimsoll\/[0-9a-f-]{36})\n(0|[1-9]\d{0,17})\n([A-Za-z0-9+/]{43}=)\ntime ([0-9TZ:.-]{24})\n$/;
  const [, origin, size, head, time] = form.exec(text) ?? [];
  if (origin === undefined || size === undefined || head === undefined || time === undefined) return null;
  const parsed = { origin, size: BigInt(size), head: Buffer.from(head, 'base64').toString('hex'), time };
  return checkpointText(parsed) === text ? parsed : null;
}
