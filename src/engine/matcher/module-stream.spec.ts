import { expect, it } from 'vitest';
import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import { type ModuleFit, moduleFit } from './module-stream.js';

const MODULAR = '1:18.14.2-2.module+el8.7.0+18445+9493b6ea';

function fitOf(summary: string, installed: string | null, fixed = '1:18.19.1-1.module+el8.9.0+2+a', module?: string) {
  const entry: AffectedPackage = {
    ecosystem: 'Rocky Linux:8',
    name: 'nodejs',
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
    versions: [],
    severity: null,
    cvss: [],
    ...(module === undefined ? {} : { module }),
  };
  const advisory: Advisory = {
    id: 'RLSA-2024:1',
    aliases: [],
    upstream: ['CVE-2024-1'],
    summary,
    severity: null,
    cvss: [],
    modified: new Date(0),
    withdrawn: null,
    affected: [entry],
  };
  return moduleFit(entry, advisory, {
    type: 'rpm',
    ecosystem: 'Rocky Linux:8',
    name: 'nodejs',
    version: MODULAR,
    source: null,
    architecture: null,
    module: installed,
  });
}

it.each<[string, string | null, ModuleFit]>([
  ['Important: nodejs:18 security update', 'nodejs:18:8070020230322:bd1311ed', 'fits'],
  ['Important: nodejs:18 security update', 'nodejs:16:8070020230322:bd1311ed', 'other'],
  ['Important: nodejs:18 security update', null, 'unknown_stream'],
  ['virt:rhel and virt-devel:rhel security and bug fix update', 'virt-devel:rhel:82:c', 'fits'],
  ['Moderate: container-tools:rhel8 security update', 'container-tools:rhel8:80:x', 'fits'],
  ['Moderate: perl-DBD-Pg:1.3 security update', 'nodejs:18:8070020230322:bd1311ed', 'other'],
  ['Important: nodejs security update', 'nodejs:18:8070020230322:bd1311ed', 'unsaid_stream'],
  ['', 'nodejs:18:8070020230322:bd1311ed', 'unsaid_stream'],
])('an erratum titled "%s", a package of %s: %s', (summary, installed, expected) => {
  expect(fitOf(summary, installed)).toBe(expected);
});

it('takes the module that an entry names before the title', () => {
  expect(fitOf('Important: nodejs:18 security update', 'nodejs:20:1:a', '2', 'nodejs:20')).toBe('fits');
});

it('takes a long title in time that grows with it', () => {
  const start = performance.now();
  expect(fitOf(`${'a'.repeat(100_000)}:${'b.'.repeat(50_000)}:`, 'nodejs:18:1:a')).toBe('unsaid_stream');
  expect(fitOf('a:'.repeat(100_000), 'nodejs:18:1:a')).toBe('unsaid_stream');
  expect(performance.now() - start).toBeLessThan(2_000);
});
