import type { Feed } from '../model/feed.js';
import type { Page } from '../model/page.js';
import type { Scan } from '../model/scan.js';
import { type ApiClient, ApiError } from './api-client.js';
import { type ConnectOptions, connectToRunning } from './connect.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { feedLine } from './feeds.command.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import { Progress } from './progress.js';
import { countsText, printable } from './table.js';
import type { Wire } from './wire.js';

export interface StatusCommandOptions extends ConnectOptions {
  format: OutputFormat;
}

/** The newest scans that are shown. */
const SCANS = 5;

export async function statusCommand(options: StatusCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  const progress = new Progress();
  const connection = await connectToRunning(options, progress, signal);
  progress.clear();
  if (!connection) throw new CommandError(EXIT_CODES.failed, 'No service runs here: start one with "npm start".');
  const { client } = connection;
  const isReady = await readiness(client);
  const feeds = await client.list<Wire<Feed>>('/v1/feeds');
  const { items: scans } = await client.get<Page<Wire<Scan>>>(`/v1/scans?limit=${SCANS}`);
  if (options.format === 'json') {
    printJson({ url: client.url, ready: isReady, feeds, scans });
  } else {
    printLine(`${client.url}: ${isReady ? 'ready' : 'not ready'}`);
    for (const feed of feeds.filter(isOfInterest)) printLine(`feed ${feedLine(feed)}`);
    for (const scan of scans) printLine(scanLine(scan));
    if (scans.length === 0) printLine('no scans yet');
  }
  return isReady ? EXIT_CODES.ok : EXIT_CODES.failed;
}

async function readiness(client: ApiClient): Promise<boolean> {
  try {
    await client.get('/readyz');
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 503) return false;
    throw error;
  }
}

function scanLine({ createdAt, status, progress, target, counts }: Wire<Scan>): string {
  const state = status === 'running' ? `running (${progress.phase} ${progress.percent} %)` : status;
  const found = status === 'succeeded' || status === 'partial' ? `: ${countsText(counts)}` : '';
  return printable(`scan ${createdAt}  ${state}  ${target.name ?? target.reference}${found}`);
}

/** Most feeds are not used. */
function isOfInterest({ enabled, lastAttemptAt }: Wire<Feed>): boolean {
  return enabled || lastAttemptAt !== null;
}
