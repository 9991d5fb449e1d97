import type { ScanOptions } from '../model/scan.js';
import type { CreateScheduleInput, UpdateScheduleInput } from './dto/schedule.input.js';
import { scanOptions } from './requests.js';

interface Settings {
  cron?: string | null;
  intervalSeconds?: number | null;
  timeZone?: string;
  jitterSeconds?: number;
  targetId?: string | null;
  labels?: Record<string, string> | null;
  repository?: string | null;
  tagPattern?: string | null;
  options?: ScanOptions;
  paused?: boolean;
}

/** What a client wants, as the service takes it: null means the default, and what was left out stays out. */
export function scheduleSettings(input: CreateScheduleInput | UpdateScheduleInput): Settings {
  const { cron, intervalSeconds, timeZone, jitterSeconds, targetId, labels, repository, tagPattern, options, paused } =
    input;
  return {
    ...(cron !== undefined && { cron }),
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    ...(timeZone !== undefined && { timeZone: timeZone ?? 'UTC' }),
    ...(jitterSeconds !== undefined && { jitterSeconds: jitterSeconds ?? 0 }),
    ...(targetId !== undefined && { targetId: targetId?.toLowerCase() ?? null }),
    ...(labels !== undefined && { labels: labels === null ? null : { ...labels } }),
    ...(repository !== undefined && { repository }),
    ...(tagPattern !== undefined && { tagPattern }),
    ...(options !== undefined && { options: scanOptions(options) }),
    ...(paused !== undefined && { paused: paused ?? false }),
  };
}
