import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { StoredVexDocument, VexEffect, VexImport, VexProduct, VexStatement } from '../model/vex.js';
import type { ConnectOptions } from './connect.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import { printable } from './table.js';
import type { Wire } from './wire.js';
import { withService } from './with-service.js';

export interface VexCommandOptions extends ConnectOptions {
  format: OutputFormat;
}

type WireDocument = Wire<StoredVexDocument>;
/** As the API answers it: of what is long the start, with a count. */
type WireStatement = Wire<Omit<VexStatement, 'products'>> & {
  products: (Wire<VexProduct> & { subcomponentCount: number })[];
  productCount: number;
};

/** Statements, and products of one, that are printed; JSON has more. */
const MAX_SHOWN = 20;

/** @param path of the document; `-` for standard input */
export async function importVexCommand(
  path: string,
  options: VexCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const text = await read(path);
  return withService(options, signal, async (client, progress) => {
    progress.update('sending the document', null);
    const imported = await client.postText<Wire<VexImport>>('/v1/vex', text);
    progress.clear();
    if (options.format === 'json') printJson(imported);
    else reportImport(imported);
    return EXIT_CODES.ok;
  });
}

export async function listVexCommand(options: VexCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const documents = await client.list<WireDocument>('/v1/vex');
    if (options.format === 'json') printJson({ documents });
    else for (const document of documents) printLine(documentLine(document));
    if (options.format === 'table' && documents.length === 0) printLine('no VEX documents');
    return EXIT_CODES.ok;
  });
}

export async function showVexCommand(id: string, options: VexCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const path = `/v1/vex/${encodeURIComponent(id)}`;
    const document = await client.get<WireDocument>(path);
    const statements = await client.list<WireStatement>(`${path}/statements`);
    if (options.format === 'json') printJson({ document, statements });
    else reportDocument(document, statements);
    return EXIT_CODES.ok;
  });
}

export async function deleteVexCommand(id: string, options: VexCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const effect = await client.delete<Wire<VexEffect>>(`/v1/vex/${encodeURIComponent(id)}`);
    if (options.format === 'json') printJson({ deleted: id, effect });
    else printLine(`deleted; ${effectText(effect)}`);
    return EXIT_CODES.ok;
  });
}

async function read(path: string): Promise<string> {
  if (path === '-') return (await buffer(process.stdin)).toString('utf8');
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(EXIT_CODES.usage, `${path} cannot be read (${error.code}): check the path.`);
  });
}

const OUTCOMES = {
  created: 'imported',
  replaced: 'replaced the version of before',
  unchanged: 'here already',
} as const;

function reportImport({ outcome, document, effect }: Wire<VexImport>): void {
  printLine(`${documentLine(document)}\n${OUTCOMES[outcome]}; ${effectText(effect)}`);
  reportRejected(document);
}

function reportDocument(document: WireDocument, statements: readonly WireStatement[]): void {
  printLine(documentLine(document));
  reportRejected(document);
  for (const { vulnerabilities, status, justification, detail, time, products, productCount } of statements.slice(
    0,
    MAX_SHOWN,
  )) {
    const why = [justification, detail, time].filter((part) => part !== null).join('; ');
    printLine(printable(`${vulnerabilities.join(', ')}  ${status}${why === '' ? '' : `  ${why}`}`));
    for (const { id, subcomponents, subcomponentCount } of products.slice(0, MAX_SHOWN)) {
      const parts = subcomponents.slice(0, MAX_SHOWN);
      const more = subcomponentCount > parts.length ? ` and ${subcomponentCount - parts.length} more` : '';
      printLine(printable(`  ${id}${parts.length === 0 ? '' : `: ${parts.join(', ')}${more}`}`));
    }
    if (productCount > MAX_SHOWN) printLine(`  and ${productCount - MAX_SHOWN} more products`);
  }
  if (statements.length > MAX_SHOWN) printLine(`and ${statements.length - MAX_SHOWN} more: --format json has them all`);
}

function reportRejected({ rejected, rejectedCount }: WireDocument): void {
  if (rejectedCount === 0) return;
  printLine(`NOT READ: ${rejectedCount} ${rejectedCount === 1 ? 'statement' : 'statements'}`);
  for (const { entry, reason } of rejected.slice(0, MAX_SHOWN)) printLine(printable(`  ${entry}: ${reason}`));
}

function documentLine({ id, format, documentId, author, time, statementCount }: WireDocument): string {
  const named = `${documentId ?? 'without an id'}${author === null ? '' : ` by ${author}`}`;
  const count = `${statementCount} ${statementCount === 1 ? 'statement' : 'statements'}`;
  return printable(`${id}  ${format}  ${named}${time === null ? '' : ` of ${time}`}, ${count}`);
}

function effectText({ suppressed, restored, annotated }: Wire<VexEffect>): string {
  return `findings: ${suppressed} suppressed, ${restored} restored, ${annotated} annotated`;
}
