import { open } from 'node:fs/promises';
import { PlimsollError } from '../model/error.js';

/** Proxies, portals and load balancers answer with a page, often with status 200. */
const PAGE = /^\ufeff?\s*(?:<!--[^>]*-->\s*)?<(?:!doctype\s+html|html)[\s>]/i;

/** How many first bytes are looked at. */
const START_BYTES = 1024;

/**
 * @param path a local file
 * @param name as the message calls it
 * @throws PlimsollError `feed_source_invalid` for a page of HTML
 */
export async function refusePage(path: string, name: string, variable: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    if (!PAGE.test(buffer.toString('utf8', 0, bytesRead))) return;
  } finally {
    await file.close();
  }
  const message = `Expected data at ${name}, got a page of HTML: a proxy or a portal may have answered. Check the network and ${variable}.`;
  throw new PlimsollError('feed_source_invalid', message);
}
