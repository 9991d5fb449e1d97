import type { Evidence } from '../../../../model/control.js';
import type { DaemonConfiguration, EngineFacts } from '../../../../model/host/engine.js';
import { notApplicable, undetermined, type Verdict } from '../../control.js';
import { type HostControl, type HostSubject, known } from '../host-subject.js';

/** A setting of dockerd, as flag and as key of daemon.json; dockerd refuses to start with both. */
export interface SettingName {
  flag: string;
  /** Where it is another word. */
  key?: string;
  /** Of one letter: `H`. */
  short?: string;
}

/** What a daemon's set up says; nothing: the daemon's default. */
export interface Setting {
  values: string[];
  evidence: Evidence[];
}

const JSON_PATH = '/etc/docker/daemon.json';

/** Judges a Docker daemon by its own files and flags, where those are known. Podman has no daemon to set up. */
export function onConfiguration(judge: (configuration: DaemonConfiguration, engine: EngineFacts) => Verdict) {
  return onDaemon((engine) => {
    const { configuration } = engine.settings;
    return configuration === null ? undetermined(UNKNOWN) : judge(configuration, engine);
  });
}

/** Judges a Docker daemon by what its API says. */
export function onDaemon(judge: (engine: EngineFacts, subject: HostSubject) => Verdict): HostControl['judge'] {
  return (subject) => {
    const engine = known(subject.facts.engine);
    return engine.kind === 'podman' ? notApplicable(NO_DAEMON) : judge(engine, subject);
  };
}

/** All values of a setting: of a flag that is repeated, or a list in daemon.json. */
export function settingOf({ json, flags }: DaemonConfiguration, { flag, key = flag, short }: SettingName): Setting {
  const fromFlags = flagValues(flags, flag, short);
  if (fromFlags.length > 0) {
    return { values: fromFlags, evidence: fromFlags.map((value) => shown('dockerd', null, `--${flag}=${value}`)) };
  }
  if (!Object.hasOwn(json, key)) return { values: [], evidence: [] };
  const value = json[key];
  const values = (Array.isArray(value) ? value : [value]).map(textOf);
  return { values, evidence: [shown('daemon.json', JSON_PATH, `${key}: ${textOf(value)}`)] };
}

/** Whether a switch is on. */
export function isOn(setting: Setting, byDefault: boolean): boolean {
  const [value] = setting.values;
  return value === undefined ? byDefault : value !== 'false' && value !== '0';
}

export function shown(resource: string, path: string | null, value: string): Evidence {
  return { resource, path, value };
}

/** pflag: `--flag=value`, `--flag value`, `--flag` for a switch, `-f value`, `-fvalue`. */
function flagValues(flags: readonly string[], flag: string, short: string | undefined): string[] {
  const values: string[] = [];
  for (const [index, word] of flags.entries()) {
    if (word.startsWith(`--${flag}=`)) values.push(word.slice(flag.length + 3));
    else if (word === `--${flag}` || (short !== undefined && word === `-${short}`)) {
      const next = flags[index + 1];
      values.push(next === undefined || next.startsWith('-') ? 'true' : next);
    } else if (short !== undefined && word.startsWith(`-${short}`) && !word.startsWith('--')) {
      values.push(word.slice(2).replace(/^=/, ''));
    }
  }
  return values;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const UNKNOWN =
  'The daemon’s flags and daemon.json are not known: its API does not tell them. Let the service see the host’s root, or collect the facts on the host.';
const NO_DAEMON = 'Podman has no daemon of its own to set up.';
