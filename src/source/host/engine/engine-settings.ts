import type { z } from 'zod';
import type { EngineFacts } from '../../../model/host/engine.js';
import type { infoAnswer, podmanInfoAnswer, versionAnswer } from './engine-answers.js';

type Version = z.output<typeof versionAnswer>;
type Info = z.output<typeof infoAnswer>;
type PodmanInfo = z.output<typeof podmanInfoAnswer>;

/** Networks of the machine itself, with which an engine speaks without TLS unless it is told not to. */
const LOOPBACK = new Set(['127.0.0.0/8', '::1/128']);
/** Characters of a warning. */
const MAX_WARNING = 500;

function isPodman({ Components }: Version): boolean {
  return Components.some(({ Name }) => Name === 'Podman Engine');
}

/** @param podman null where the engine is none, or does not tell it */
export function engineSettings(
  version: Version,
  info: Info,
  podman: PodmanInfo | null,
): Pick<EngineFacts, 'kind' | 'version' | 'apiVersion' | 'rootless' | 'userNamespaces' | 'settings'> {
  const kind = isPodman(version) ? 'podman' : 'docker';
  const options = new Set(info.SecurityOptions);
  const host = podman?.host;
  // Podman tells some of them, as its version is, or none.
  const { rootless, apparmorEnabled, seccompEnabled, selinuxEnabled } = host?.security ?? {};
  for (const [name, isOn] of Object.entries({
    rootless,
    apparmor: apparmorEnabled,
    seccomp: seccompEnabled,
    selinux: selinuxEnabled,
  })) {
    if (isOn && ![...options].some((option) => isOption(option, name))) options.add(`name=${name}`);
  }
  const securityOptions = [...options].sort();
  const { InsecureRegistryCIDRs, IndexConfigs, Mirrors } = info.RegistryConfig;
  const insecure = Object.keys(IndexConfigs).filter((name) => IndexConfigs[name]?.Secure === false);
  return {
    kind,
    version: version.Version,
    apiVersion: version.ApiVersion,
    rootless: info.Rootless || securityOptions.some((option) => isOption(option, 'rootless')),
    userNamespaces: securityOptions.some((option) => isOption(option, 'userns')),
    settings: {
      securityOptions,
      storageDriver: info.Driver,
      dataRoot: info.DockerRootDir,
      loggingDriver: info.LoggingDriver || (host?.logDriver ?? ''),
      cgroupDriver: info.CgroupDriver || (host?.cgroupManager ?? ''),
      cgroupVersion: (info.CgroupVersion || (host?.cgroupVersion ?? '')).replace(/^v/, ''),
      // Podman has no daemon that containers could outlive, and calls every build of it experimental.
      liveRestore: kind === 'podman' ? null : info.LiveRestoreEnabled,
      experimental: kind === 'podman' ? null : info.ExperimentalBuild,
      insecureRegistries: [...insecure, ...InsecureRegistryCIDRs.filter((network) => !LOOPBACK.has(network))].sort(),
      registryMirrors: [...Mirrors].sort(),
      authorizationPlugins: [...info.Plugins].sort(),
      defaultRuntime: info.DefaultRuntime,
      warnings: info.Warnings.map((warning) =>
        warning
          .replaceAll(/\p{Cc}+/gu, ' ')
          .trim()
          .slice(0, MAX_WARNING),
      ).sort(),
      configuration: null,
    },
  };
}

/** Docker 1.11 and later write `name=seccomp,profile=default`. */
function isOption(option: string, name: string): boolean {
  return option === name || option.split(',').includes(`name=${name}`);
}
