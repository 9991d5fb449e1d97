import { CONTROL_STATUSES, type ControlResult, type ControlStatus } from '../model/control.js';
import { SEVERITIES } from '../model/severity.js';
import type { ConnectOptions } from './connect.js';
import { EXIT_CODES, type ExitCode } from './exit-code.js';
import { loadOfScan } from './load-of-scan.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import { printable } from './table.js';
import { withService } from './with-service.js';

export interface ControlsCommandOptions extends ConnectOptions {
  status?: string;
  format: OutputFormat;
}

/** What needs somebody comes first. */
const ORDER: readonly ControlStatus[] = ['fail', 'undetermined', 'manual', 'pass', 'not_applicable'];

/** Evidence that a table prints of one control; JSON has all. */
const MAX_EVIDENCE = 5;

/** @param text a scan's id, or what names a target, whose newest scan is meant */
export async function controlsCommand(
  text: string,
  options: ControlsCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client, progress) => {
    const { status } = options;
    const controls = await loadOfScan(client, text, (id) =>
      client.list<ControlResult>(`/v1/scans/${encodeURIComponent(id)}/controls`, { status }),
    );
    progress.clear();
    if (options.format === 'json') printJson({ controls });
    else report(controls);
    return EXIT_CODES.ok;
  });
}

function report(controls: readonly ControlResult[]): void {
  const sorted = controls.toSorted(
    (a, b) =>
      ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
  const width = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const [status, severity, id] = [
    width(CONTROL_STATUSES),
    width(SEVERITIES),
    width(sorted.map((control) => control.id)),
  ];
  for (const control of sorted) {
    const columns = [control.status.padEnd(status), control.severity.padEnd(severity), control.id.padEnd(id)];
    printLine(printable(`${columns.join('  ')}  ${control.reason}`));
    if (control.status === 'pass') continue;
    for (const piece of control.evidence.slice(0, MAX_EVIDENCE)) {
      const { resource, path, value } = piece;
      printLine(printable(`  ${[path, resource, value].filter((part) => part !== null && part !== '').join('  ')}`));
    }
    const more = control.evidence.length - MAX_EVIDENCE;
    if (more > 0) printLine(`  and ${more} more: --format json has them`);
  }
}
