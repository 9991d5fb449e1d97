import { expect, it } from 'vitest';
import { hostFacts, hostFile, knownFact } from '../../../../../test/support/host-facts.js';
import type { HostFile } from '../../../../model/host/host-file.js';
import type { Process } from '../../../../model/host/system.js';
import { daemonConfigurationOf } from './daemon-configuration.js';

const process = (command: string[], of: Partial<Process> = {}): Process => ({
  pid: 10,
  parent: 1,
  uid: 0,
  executable: null,
  command,
  container: null,
  capabilities: null,
  seccomp: null,
  noNewPrivileges: null,
  ...of,
});
const file = (path: string, text: string | null) => hostFile(path, { text });
const of = (processes: Process[], files: HostFile[], ...gaps: string[]) =>
  daemonConfigurationOf(hostFacts({ processes: knownFact(processes), files: knownFact(files, ...gaps) }));

const dockerd = process(['/usr/bin/dockerd', '-H', 'fd://', '--icc=false']);
const flags = ['-H', 'fd://', '--icc=false'];
const json = file('/etc/docker/daemon.json', '{"icc": false}');

it('is flags and daemon.json of the daemon that runs', () => {
  expect(of([dockerd], [json])).toEqual({ json: { icc: false }, flags });
  expect(of([dockerd], [])).toEqual({ json: {}, flags });
  const elsewhere = process(['dockerd', '--config-file', '/opt/d.json']);
  expect(of([elsewhere], [json, file('/opt/d.json', '{}')])).toEqual({ json: {}, flags: elsewhere.command.slice(1) });
});

it.each<[string, Process[], HostFile[], string[]]>([
  ['no daemon', [process(['sshd'])], [json], []],
  ['a daemon in a container', [process(['dockerd'], { container: 'ab' })], [json], []],
  ['two daemons', [dockerd, dockerd], [json], []],
  ['a daemon of a user, whose file is elsewhere', [process(['dockerd'], { uid: 1000 })], [json], []],
  ['a file that was not asked for', [process(['dockerd', '--config-file=/opt/d.json'])], [json], []],
  ['a file that cannot be read', [dockerd], [file('/etc/docker/daemon.json', null)], []],
  ['a file that is no JSON', [dockerd], [file('/etc/docker/daemon.json', '{')], []],
  ['a folder that cannot be read', [dockerd], [], ['/etc/docker/daemon.json cannot be read (EACCES): …']],
])('is not known with %s', (_, processes, files, gaps) => {
  expect(of(processes, files, ...gaps)).toBeNull();
});
