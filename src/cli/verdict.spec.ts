import { describe, expect, it } from 'vitest';
import type { Finding } from '../model/finding.js';
import type { Scan } from '../model/scan.js';
import type { Severity } from '../model/severity.js';
import { verdict } from './verdict.js';
import type { Wire } from './wire.js';

const scan = (status: Scan['status']) =>
  ({ status, coverage: { complete: status === 'succeeded', items: [] } }) as unknown as Wire<Scan>;
const suppressed = (severity: Severity) => [{ severity, status: 'suppressed' } as Wire<Finding>];
const found = (...severities: Severity[]) => severities.map((severity) => ({ severity }) as Wire<Finding>);

describe('verdict', () => {
  it.each([
    // status, found, --fail-on, --allow-partial, exit code
    ['succeeded', found('critical'), null, false, 0],
    ['partial', found('critical'), null, false, 0],
    ['succeeded', found(), 'low', false, 0],
    ['succeeded', found('medium', 'unknown'), 'high', false, 0],
    ['succeeded', found('medium', 'high'), 'high', false, 1],
    ['succeeded', found('critical'), 'high', false, 1],
    ['succeeded', found('unknown'), 'low', false, 0],
    ['succeeded', suppressed('critical'), 'low', false, 0],
    ['partial', suppressed('critical'), 'low', false, 4],
    ['succeeded', found('unknown'), 'unknown', false, 1],
    ['partial', found('critical'), 'high', true, 1],
    ['partial', found('low'), 'high', false, 4],
    ['partial', found('low'), 'high', true, 0],
    ['failed', found(), null, true, 3],
    ['cancelled', found(), 'high', true, 3],
  ] as const)(
    'of a scan that %s with %j and --fail-on %s, --allow-partial %s is %i',
    (status, findings, failOn, allowPartial, code) => {
      expect(verdict(scan(status), findings, { failOn, allowPartial })).toBe(code);
    },
  );
});
