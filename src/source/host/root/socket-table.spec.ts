import { expect, it } from 'vitest';
import { parseSocketTable } from './socket-table.js';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, state: string, inode = '12345') =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;
const of = (text: string, protocol: 'tcp' | 'udp' = 'tcp') =>
  parseSocketTable(HEAD + text, protocol, 10).map(({ address, port, inode }) => `${address} ${port} ${inode}`);

it.each<[string, string]>([
  ['00000000:0016', '0.0.0.0 22'],
  ['0100007F:1F90', '127.0.0.1 8080'],
  ['00000000000000000000000000000000:0050', ':: 80'],
  ['00000000000000000000000001000000:0050', '::1 80'],
  ['0000000000000000FFFF00000100007F:0050', '::ffff:127.0.0.1 80'],
  ['B80D0120000000000000000001000000:01BB', '2001:db8::1 443'],
  ['B80D0120000001000000020001000000:01BB', '2001:db8:1:0:2::1 443'],
])('the address %s', (local, expected) => {
  expect(of(line(local, '0A'))).toEqual([`${expected} 12345`]);
});

it('has only what waits for somebody', () => {
  expect(of(line('00000000:0016', '01') + line('00000000:0017', '0A'))).toEqual(['0.0.0.0 23 12345']);
  expect(of(line('00000000:0035', '07') + line('00000000:0036', '01'), 'udp')).toEqual(['0.0.0.0 53 12345']);
});

it('passes over what has another form, and ends at the limit', () => {
  expect(of('x\n  0: zz:22 00:0 0A\n')).toEqual([]);
  expect(of(line('00000000:0016', '0A').repeat(20))).toHaveLength(10);
});
