import { writeFile } from 'node:fs/promises';
import type { ReportFormat } from '../model/report.js';
import type { SbomFormat } from '../model/sbom.js';
import type { ConnectOptions } from './connect.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { loadOfScan } from './load-of-scan.js';
import { withService } from './with-service.js';

export interface SbomCommandOptions extends ConnectOptions {
  format: SbomFormat;
  output?: string;
}

/** Prints the document as the service answers it, byte for byte. @param text a scan's id, or what names a target */
export function sbomCommand(text: string, options: SbomCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  return printDocument(text, `sbom?format=${options.format}`, options, signal);
}

export interface ReportCommandOptions extends ConnectOptions {
  format: ReportFormat;
  output?: string;
}

/** The same for a report. */
export function reportCommand(text: string, options: ReportCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  return printDocument(text, `report?format=${options.format}`, options, signal);
}

async function printDocument(
  text: string,
  what: string,
  options: ConnectOptions & { output?: string },
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client, progress) => {
    const document = await loadOfScan(client, text, (id) =>
      client.getText(`/v1/scans/${encodeURIComponent(id)}/${what}`),
    );
    progress.clear();
    if (options.output === undefined) process.stdout.write(document);
    else await write(options.output, document);
    return EXIT_CODES.ok;
  });
}

async function write(path: string, document: string): Promise<void> {
  await writeFile(path, document).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(EXIT_CODES.usage, `${path} cannot be written (${error.code}): check the path.`);
  });
}
