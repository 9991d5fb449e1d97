import type { Fact } from '../../../model/host/fact.js';
import type { AuditRule } from '../../../model/host/host-facts.js';
import { parseAuditRules } from '../root/audit-rules.js';
import { runTool } from './run-tool.js';

/**
 * The rules that the kernel's audit has, by auditctl(8), which needs root; otherwise those of the files that are loaded at
 * start.
 *
 * @param files what the files say
 */
export async function readLoadedAuditRules(files: Fact<AuditRule[]>, signal: AbortSignal): Promise<Fact<AuditRule[]>> {
  const output = await runTool('auditctl', ['-l'], signal);
  switch (output.result) {
    case 'done':
      return { known: true, value: loadedRules(output.text), gaps: [] };
    // Without the tool nobody loads rules; that of another audit daemon would be found by its files.
    case 'missing':
      return files;
    case 'not_permitted':
    case 'failed':
    case 'limit_exceeded':
      return files.known ? { ...files, gaps: [...files.gaps, output.message] } : files;
  }
}

export function loadedRules(text: string): AuditRule[] {
  return text.trim() === 'No rules' ? [] : parseAuditRules(text, 'kernel').slice(0, 5_000);
}
