/**
 * Whether an entry about some architectures is about a package of this one. What runs anywhere is compared whatever the
 * entry lists: a package may have become independent of the architecture with the fix, or have ceased to be.
 */
export function isForArchitecture(listed: readonly string[] | undefined, installed: string | null): boolean {
  if (listed === undefined || listed.length === 0 || installed === null || ANY.has(installed)) return true;
  const wanted = canonical(installed);
  return listed.some((architecture) => {
    const other = canonical(architecture);
    // Some distributions mean the machine, which runs packages of 32 bits too.
    return other === wanted || ANY.has(architecture) || (wanted === 'x86' && other === 'x86_64');
  });
}

const ANY: ReadonlySet<string> = new Set(['noarch', 'all', 'any', 'src', 'nosrc', 'source']);

/** Distributions call the same processor differently, and one distribution's rpms of i386 are built for i686. */
function canonical(architecture: string): string {
  if (/^i[3-6]86$/.test(architecture)) return 'x86';
  return SAME.get(architecture) ?? architecture;
}

const SAME: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['armhf', 'armv7'],
  ['armv7hl', 'armv7'],
  ['armv7l', 'armv7'],
  ['ppc64el', 'ppc64le'],
]);
