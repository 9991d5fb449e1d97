import type { ScanOptions } from '../model/scan.js';
import type { ApiClient } from './api-client.js';
import { CommandError, EXIT_CODES } from './exit-code.js';
import { findTarget } from './find-target.js';
import { printable } from './table.js';

/** What the options of the command line say of a schedule. */
export interface ScheduleOptions {
  cron?: string;
  /** Seconds. */
  every?: number;
  timeZone?: string;
  /** Seconds. */
  jitter?: number;
  /** Its id, name or reference. */
  target?: string;
  /** Each `KEY=VALUE`. */
  label: string[];
  /** `registry.example/team/app` */
  repository?: string;
  /** A glob. */
  tags?: string;
  platform?: string;
  lockfiles?: boolean;
  /** False where files are not to be searched for secrets. */
  secrets: boolean;
  paused?: boolean;
}

interface Settings {
  cron?: string;
  intervalSeconds?: number;
  timeZone?: string;
  jitterSeconds?: number;
  targetId?: string;
  labels?: Record<string, string>;
  repository?: string;
  tagPattern?: string;
  options?: ScanOptions;
  paused?: boolean;
}

/**
 * Only what was given; the service says what is missing. Options of scans are taken as a whole.
 *
 * @throws CommandError `usage`
 */
export async function scheduleSettings(client: ApiClient, given: ScheduleOptions): Promise<Settings> {
  const { cron, every, timeZone, jitter, target, label, repository, tags, paused } = given;
  const options = {
    ...(given.platform !== undefined && { platform: given.platform }),
    ...(given.lockfiles && { lockfiles: true }),
    ...(!given.secrets && { secrets: false }),
  };
  return {
    ...(cron !== undefined && { cron }),
    ...(every !== undefined && { intervalSeconds: every }),
    ...(timeZone !== undefined && { timeZone }),
    ...(jitter !== undefined && { jitterSeconds: jitter }),
    ...(target !== undefined && { targetId: (await findTarget(client, target)).id }),
    ...(label.length > 0 && { labels: Object.fromEntries(label.map(labelOf)) }),
    ...(repository !== undefined && { repository }),
    ...(tags !== undefined && { tagPattern: tags }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(paused && { paused }),
  };
}

/** A value may hold `=`, and may be empty. */
function labelOf(text: string): [string, string] {
  const end = text.indexOf('=');
  if (end < 1) throw new CommandError(EXIT_CODES.usage, `--label ${printable(text)}: expected KEY=VALUE.`);
  return [text.slice(0, end), text.slice(end + 1)];
}
