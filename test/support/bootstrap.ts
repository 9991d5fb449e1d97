import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The suites without security updates that root file systems are made of. */
const SUITES: Record<string, { suite: string; source: string }> = {
  'debian-bullseye-main': { suite: 'bullseye', source: 'deb http://deb.debian.org/debian bullseye main' },
  'ubuntu-bionic-release': {
    suite: 'bionic',
    // Debian has no key of Ubuntu's archive; what was installed is compared with what is expected.
    source: 'deb [trusted=yes] http://archive.ubuntu.com/ubuntu bionic main',
  },
  'ubuntu-jammy-release': {
    suite: 'jammy',
    source: 'deb [trusted=yes] http://archive.ubuntu.com/ubuntu jammy main',
  },
};

/** Makes the root file system of an image from the distribution's archive; why not, where it cannot. */
export async function bootstrap(image: string): Promise<{ tarball: string } | { why: string }> {
  const made = SUITES[image];
  if (!made) return { why: `nothing says what ${image} is made of` };
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-suite-'));
  const tarball = join(folder, `${image}.tar`);
  try {
    await promisify(execFile)('mmdebstrap', ['--variant=minbase', made.suite, tarball, made.source], {
      timeout: 240_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { tarball };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    return { why: `mmdebstrap of ${made.suite} failed: ${String(error).split('\n', 1)[0]}` };
  }
}

/** A root file system with nothing but what a list of packages (TSV: name, version, architecture, source, its version) says. */
export async function rootfsOf(osRelease: string, packages: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-rootfs-'));
  const stanzas = packages.map((line) => {
    const [name, version, architecture, source, sourceVersion] = line.split('\t');
    return [
      `Package: ${name}`,
      'Status: install ok installed',
      `Architecture: ${architecture}`,
      `Source: ${source} (${sourceVersion})`,
      `Version: ${version}`,
      '',
    ].join('\n');
  });
  await mkdir(join(folder, 'etc'), { recursive: true });
  await mkdir(join(folder, 'var/lib/dpkg'), { recursive: true });
  await writeFile(join(folder, 'etc/os-release'), osRelease);
  await writeFile(join(folder, 'var/lib/dpkg/status'), stanzas.join('\n'));
  return folder;
}
