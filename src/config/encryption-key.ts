/** AES-256. */
const KEY_BYTES = 32;

/**
 * A key as people write it: 64 hexadecimal digits, or base64 with or without padding, in either alphabet.
 *
 * @returns null for what is not exactly 32 bytes
 */
export function readKey(text: string): Buffer | null {
  const key = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : fromBase64(text);
  return key?.length === KEY_BYTES ? key : null;
}

/** Node's decoder passes over what is no base64. */
function fromBase64(text: string): Buffer | null {
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null;
}
