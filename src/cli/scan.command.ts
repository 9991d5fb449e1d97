import { setTimeout as sleep } from 'node:timers/promises';
import type { DaemonAddress } from '../model/daemon.js';
import type { Finding } from '../model/finding.js';
import { parseHostReference } from '../model/host-reference.js';
import { isTerminal, type Scan } from '../model/scan.js';
import type { Severity } from '../model/severity.js';
import type { TargetKind } from '../model/target.js';
import { type ApiClient, ApiError } from './api-client.js';
import type { ConnectOptions } from './connect.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { type OutputFormat, printJson, printLine, printTable } from './output.js';
import type { Progress } from './progress.js';
import { readReference, type ScanReference } from './reference.js';
import { countsText, printable } from './table.js';
import { uploadFile } from './upload.js';
import { verdict } from './verdict.js';
import type { Wire } from './wire.js';
import { withService } from './with-service.js';

export interface ScanCommandOptions extends ConnectOptions {
  kind: TargetKind;
  name?: string;
  platform?: string;
  lockfiles?: boolean;
  secrets: boolean;
  failOn?: Severity;
  allowPartial: boolean;
  format: OutputFormat;
}

/** How often a scan is looked at, milliseconds. */
const POLL_MS = 250;

/** How long a cancelled scan may take to end, milliseconds. */
const CANCEL_LIMIT_MS = 10_000;

/** Coverage items that a table prints; JSON has them all. */
const MAX_GAPS = 20;

export async function scanCommand(text: string, options: ScanCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  const reference = readReference(text, process.cwd());
  return withService(
    options,
    signal,
    async (client, progress) => {
      const started = await startScan(client, reference, options, progress, signal);
      const scan = await follow(client, started, progress, signal);
      progress.clear();
      const findings = await findingsOf(client, scan);
      if (options.format === 'json') printJson({ scan, findings });
      else report(scan, findings);
      return verdict(scan, findings, { failOn: options.failOn ?? null, allowPartial: options.allowPartial });
    },
    { path: reference.path, engine: engineOf(reference) },
  );
}

function engineOf({ kind, path, reference }: ScanReference): DaemonAddress | null {
  if (kind !== 'host' || path !== null || reference === null) return null;
  const parsed = parseHostReference(reference);
  return parsed.transport === 'docker' ? parsed.address : null;
}

/** By reference where the service may read the path, otherwise by sending the file. */
async function startScan(
  client: ApiClient,
  { reference, label, path, isFolder, kind }: ScanReference,
  given: ScanCommandOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Wire<Scan>> {
  const options = kind === null ? given : { ...given, kind };
  if (reference !== null) {
    try {
      return await requestScan(client, reference, options.name ?? null, options);
    } catch (error) {
      if (path === null || !(error instanceof ApiError) || !isElsewhere(error)) throw error;
      if (isFolder) {
        throw new CommandError(
          EXIT_CODES.failed,
          `The service may not read the folder ${path}: start it with PLIMSOLL_IMPORT_DIRS=${path} (or a folder above)${kind === 'host' ? ' or PLIMSOLL_HOST_ROOT, or run plimsoll collect host there and scan the file' : ', or pack the folder into a tar file and scan that'}.`,
        );
      }
    }
  }
  if (path === null) throw new CommandError(EXIT_CODES.usage, `${label} cannot be sent.`);
  const upload = await uploadFile(client, path, signal, (percent) =>
    progress.update('sending the file', percent),
  ).catch((error: unknown) => {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== 'open' && syscall !== 'stat') throw error;
    throw new CommandError(EXIT_CODES.usage, `${path} cannot be read (${code}): check the path.`);
  });
  return requestScan(client, `upload:${upload.id}`, options.name ?? label.slice(-255), options);
}

/** Whether sending the file may help: the path is closed to the service, or it is on another machine. */
function isElsewhere({ code }: ApiError): boolean {
  return code === 'path_not_allowed' || code === 'path_not_found' || code === 'path_not_readable';
}

function requestScan(client: ApiClient, reference: string, name: string | null, options: ScanCommandOptions) {
  return client.post<Wire<Scan>>('/v1/scans', {
    target: { kind: options.kind, reference, ...(name !== null && { name }) },
    options: {
      ...(options.platform && { platform: options.platform }),
      ...(options.lockfiles && { lockfiles: true }),
      ...(!options.secrets && { secrets: false }),
    },
  });
}

/** Waits for the end; an interrupt cancels the scan. */
async function follow(
  client: ApiClient,
  started: Wire<Scan>,
  progress: Progress,
  signal: AbortSignal,
): Promise<Wire<Scan>> {
  let scan = started;
  while (!isTerminal(scan.status)) {
    if (signal.aborted) {
      await cancel(client, scan.id, progress);
      throw signal.reason;
    }
    progress.update(scan.progress.phase, scan.progress.percent);
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    scan = await client.get(`/v1/scans/${scan.id}`);
  }
  return scan;
}

async function cancel(client: ApiClient, id: string, progress: Progress): Promise<void> {
  progress.line('cancelling the scan …');
  try {
    let scan = await client.post<Wire<Scan>>(`/v1/scans/${id}/cancel`);
    for (const end = Date.now() + CANCEL_LIMIT_MS; !isTerminal(scan.status) && Date.now() < end; await sleep(POLL_MS)) {
      scan = await client.get(`/v1/scans/${id}`);
    }
    progress.line(`scan ${id} is ${scan.status}`);
  } catch (error) {
    progress.line((error as Error).message);
  }
}

async function findingsOf(client: ApiClient, scan: Wire<Scan>): Promise<Wire<Finding>[]> {
  if (scan.status !== 'succeeded' && scan.status !== 'partial') return [];
  return client.list(`/v1/scans/${scan.id}/findings`);
}

function report(scan: Wire<Scan>, findings: Wire<Finding>[]): void {
  if (scan.status === 'failed' || scan.status === 'cancelled') {
    const why = scan.error ? `: ${scan.error.message} (${scan.error.code})` : '.';
    console.error(printable(`The scan ${scan.status === 'failed' ? 'failed' : 'was cancelled'}${why}`));
    return;
  }
  if (findings.length > 0) printTable(findings);
  const target = printable(scan.target.name ?? scan.target.reference);
  printLine(`${findings.length > 0 ? '\n' : ''}${target}: findings: ${countsText(scan.counts)}`);
  printGaps(scan);
}

function printGaps({ coverage }: Wire<Scan>): void {
  if (coverage.complete) return;
  const { items } = coverage;
  printLine(
    `NOT FULLY EXAMINED: there may be more findings, because of ${items.length === 1 ? 'this' : `these ${items.length}`}:`,
  );
  for (const { code, subject, message } of items.slice(0, MAX_GAPS)) {
    printLine(printable(`  ${code}  ${subject}: ${message}`));
  }
  if (items.length > MAX_GAPS) printLine(`  and ${items.length - MAX_GAPS} more: --format json has them all`);
  if (items.some(({ code }) => code === 'advisories_missing')) printLine('  Advisories come with: plimsoll feeds sync');
}
