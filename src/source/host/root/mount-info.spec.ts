import { describe, expect, it } from 'vitest';
import { parseMountInfo } from './mount-info.js';
import { ownMounts } from './own-mounts.js';

const parse = (text: string) => parseMountInfo(text, 100);

describe('mountinfo', () => {
  it('is read with its escapes, propagation and both kinds of options', () => {
    const text = [
      '27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard',
      '40 27 0:45 / /mnt/a\\040b\\134c ro,nosuid,nodev master:3 propagate_from:2 - nfs4 srv:/x rw,vers=4.2',
      '41 27 0:46 /sub /u rw unbindable - tmpfs tmpfs rw',
      '42 27 0:47 / /s rw shared:9 master:4 - xfs /dev/sdb1 rw',
      '43 27 0:48 / /p rw - ext4 /dev/my\\040disk rw',
    ].join('\n');
    expect(
      parse(text).mounts.map(({ mountPoint, root, options, propagation, source }) => [
        mountPoint,
        root,
        options.join(),
        propagation,
        source,
      ]),
    ).toEqual([
      ['/', '/', 'discard,relatime,rw', 'shared', '/dev/vda'],
      ['/mnt/a b\\c', '/', 'nodev,nosuid,ro,rw,vers=4.2', 'slave', 'srv:/x'],
      ['/u', '/sub', 'rw', 'unbindable', 'tmpfs'],
      ['/s', '/', 'rw', 'shared', '/dev/sdb1'],
      ['/p', '/', 'rw', 'private', '/dev/my disk'],
    ]);
  });

  it('counts what is no mount, and ends at the limit', () => {
    expect(parse('x\n1 2 3\n27 1 254:0 / relative rw - ext4 a rw\n27 1 a:0 / / rw - ext4 a rw\n')).toEqual({
      mounts: [],
      unparsed: 4,
      isCut: false,
    });
    const line = '27 1 254:0 / / rw - ext4 /dev/vda rw\n';
    expect(parseMountInfo(line.repeat(5), 3)).toMatchObject({ isCut: true, mounts: { length: 3 } });
  });
});

describe('a walk over a root', () => {
  const mounts = (folder: string, lines: string[]) =>
    ownMounts(parse(lines.map((line, i) => `${i + 30} 1 ${line}`).join('\n')).mounts, folder, [
      '/data/docker',
      '/var/lib/docker',
    ]);
  const skipped = (folder: string, lines: string[]) =>
    mounts(folder, lines).skipped.filter((path) => !path.startsWith('/var/') && !path.startsWith('/run/'));

  it('goes into disks, and not into networks, the kernel, containers, and what it sees elsewhere', () => {
    const lines = [
      '8:1 / /host rw - ext4 /dev/sda1 rw',
      '8:2 / /host/home rw - ext4 /dev/sda2 rw',
      '0:30 / /host/mnt/nfs rw - nfs4 srv:/ rw',
      '0:31 / /host/run/user/1000/gvfs rw - fuse.gvfsd x rw',
      '0:32 / /host/sys/kernel/tracing rw - tracefs t rw',
      '0:33 / /host/opt/x/merged rw - overlay overlay rw',
      '8:2 /ann /host/srv/ann rw - ext4 /dev/sda2 rw',
      '0:34 / /elsewhere rw - nfs4 srv:/y rw',
    ];
    expect(skipped('/host', lines)).toEqual([
      '/data/docker',
      '/dev',
      '/mnt/nfs',
      '/opt/x/merged',
      '/proc',
      '/srv/ann',
      '/sys',
      '/sys/kernel/tracing',
    ]);
    expect(mounts('/host', lines).barred).toEqual(['/mnt/nfs', '/run/user/1000/gvfs']);
    expect(mounts('/host', lines).unseen.map(({ path, type }) => `${type} ${path}`)).toEqual([
      'nfs4 /mnt/nfs',
      'fuse.gvfsd /run/user/1000/gvfs',
    ]);
  });

  it('goes into a bind mount of what it does not see elsewhere', () => {
    const lines = [
      '0:20 / / rw - overlay overlay rw',
      '8:1 /etc/hosts /etc/hosts rw - ext4 /dev/sda1 rw',
      '8:1 /srv/data /data rw - ext4 /dev/sda1 rw',
      '8:1 /srv/data/in /in rw - ext4 /dev/sda1 rw',
      '8:5 / /var/lib/docker rw - ext4 /dev/sdb1 rw',
      '8:5 /volumes /volumes rw - ext4 /dev/sdb1 rw',
    ];
    expect(skipped('/', lines)).toEqual(['/data/docker', '/dev', '/in', '/proc', '/sys']);
  });
});
