import { PlimsollError } from '../../model/error.js';

export interface Platform {
  os: string;
  architecture: string;
  variant?: string | undefined;
}

/** Node's names of architectures, as GOARCH. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', arm64: 'arm64', arm: 'arm' };

/** What a container engine on this machine would choose. */
export function hostPlatform(): Platform {
  return { os: 'linux', architecture: ARCHITECTURES[process.arch] ?? process.arch };
}

/** `os/arch[/variant]` */
export function parsePlatform(text: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, variant };
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter(Boolean).join('/');
}

/** A variant counts only if one is asked for; `arm64` alone and `arm64/v8` are the same. */
export function isPlatform(wanted: Platform, actual: Platform): boolean {
  const variant = actual.variant ?? (actual.architecture === 'arm64' ? 'v8' : undefined);
  return (
    wanted.os === actual.os &&
    wanted.architecture === actual.architecture &&
    (wanted.variant === undefined || wanted.variant === variant)
  );
}

/** @param available as `os/arch[/variant]` */
export function platformNotFound(name: string, wanted: Platform, available: readonly string[]): PlimsollError {
  const has = available.length === 0 ? 'none' : [...new Set(available)].slice(0, 20).join(', ');
  const message = `${name} has no image for ${formatPlatform(wanted)}: choose one of its platforms with "platform" (${has}).`;
  return new PlimsollError('platform_not_found', message);
}

/**
 * Refuses an image whose configuration is for another platform than was asked for.
 *
 * @throws PlimsollError `platform_not_found`
 */
export function checkPlatform(name: string, image: Partial<Platform>, wanted: string): void {
  const actual = { os: image.os ?? 'linux', architecture: image.architecture ?? '', variant: image.variant };
  const platform = parsePlatform(wanted);
  if (!isPlatform(platform, actual)) throw platformNotFound(name, platform, [formatPlatform(actual)]);
}
