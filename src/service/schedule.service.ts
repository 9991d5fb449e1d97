import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import { parseImageName } from '../model/image-name.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { recurrenceOf, type Schedule, type ScheduleRun } from '../model/schedule.js';
import { checkCron, checkTimeZone, nextRun, type PlannedRun } from '../model/schedule-times.js';
import { isTagPattern } from '../model/tag-pattern.js';
import { type ScheduleSettings, ScheduleStore } from '../store/schedule.store.js';
import { uuidv7 } from '../store/uuid.js';

const DEFAULTS: Omit<ScheduleSettings, 'name'> = {
  cron: null,
  intervalSeconds: null,
  timeZone: 'UTC',
  jitterSeconds: 0,
  targetId: null,
  labels: null,
  repository: null,
  tagPattern: null,
  options: {},
  paused: false,
};

@Injectable()
export class ScheduleService {
  constructor(private readonly schedules: ScheduleStore) {}

  /** @throws PlimsollError `invalid_request`, `conflict`, `not_found` for the target */
  async create(p: Principal, settings: Partial<ScheduleSettings> & { name: string }): Promise<Schedule> {
    const whole = { ...DEFAULTS, ...settings };
    const scoped = withRepository(whole);
    check(scoped);
    return this.schedules.create(p, uuidv7(), scoped, new Date());
  }

  list(p: Principal, page: PageRequest): Promise<Page<Schedule>> {
    return this.schedules.list(p.projectId, page);
  }

  get(p: Principal, id: string): Promise<Schedule> {
    return this.schedules.get(p.projectId, id);
  }

  /**
   * What is left out stays. Cron expression and interval take each other's place; target, labels and repository likewise.
   *
   * @throws PlimsollError `invalid_request`, `conflict`, `not_found`
   */
  update(p: Principal, id: string, changes: Partial<ScheduleSettings>): Promise<Schedule> {
    const change = (present: Schedule): ScheduleSettings => {
      const next = { ...present, ...changes };
      if (changes.cron != null && changes.intervalSeconds === undefined) next.intervalSeconds = null;
      if (changes.intervalSeconds != null && changes.cron === undefined) next.cron = null;
      if (SCOPES.some((scope) => changes[scope] != null)) {
        for (const scope of SCOPES) if (changes[scope] === undefined) next[scope] = null;
      }
      const scoped = withRepository(next);
      check(scoped);
      return scoped;
    };
    return this.schedules.update(p, id, change, new Date());
  }

  delete(p: Principal, id: string): Promise<void> {
    return this.schedules.delete(p, id);
  }

  runs(p: Principal, id: string, page: PageRequest): Promise<Page<ScheduleRun>> {
    return this.schedules.runs(p.projectId, id, page);
  }

  runNow(p: Principal, id: string): Promise<ScheduleRun> {
    return this.schedules.runNow(p, id, new Date());
  }

  /** The runs to come, in order; of a paused schedule those that it would have. */
  async next(p: Principal, id: string, count: number): Promise<PlannedRun[]> {
    const schedule = await this.schedules.get(p.projectId, id);
    const recurrence = recurrenceOf(schedule);
    const planned: PlannedRun[] = [];
    let now = new Date();
    while (planned.length < count) {
      const previous = planned.at(-1)?.nominalAt ?? null;
      const run = nextRun(recurrence, { scheduleId: id, jitterSeconds: schedule.jitterSeconds }, previous, now);
      if (run === null) break;
      planned.push(run);
      now = run.runAt;
    }
    return planned;
  }
}

const SCOPES = ['targetId', 'labels', 'repository'] as const;

/** In full, with all of its tags unless some are meant; a pattern goes with its repository. */
function withRepository<T extends ScheduleSettings>(settings: T): T {
  const { repository, tagPattern } = settings;
  if (repository === null) return { ...settings, tagPattern: null };
  return { ...settings, repository: wholeName(repository), tagPattern: tagPattern ?? '*' };
}

function wholeName(text: string): string {
  try {
    const { host, repository, tag, digest } = parseImageName(`${text.replace(/^docker:\/\//, '')}:latest`);
    if (tag === 'latest' && digest === null) return `${host}/${repository}`;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
  }
  throw invalid('repository', 'expected the name of a repository without a tag, as registry.example/team/app');
}

function check({ cron, intervalSeconds, timeZone, targetId, labels, repository, tagPattern }: ScheduleSettings): void {
  if ((cron === null) === (intervalSeconds === null))
    throw invalid('cron', 'expected cron or intervalSeconds, one of them');
  if ([targetId, labels, repository].filter((scope) => scope !== null).length !== 1)
    throw invalid('targetId', 'expected targetId, labels or repository, one of them');
  if (tagPattern !== null && !isTagPattern(tagPattern))
    throw invalid('tagPattern', 'expected at most 128 letters, digits, "_", "." and "-", with * and ?');
  if (labels !== null && Object.keys(labels).length === 0) throw invalid('labels', 'expected one label or more');
  if (cron !== null) checkCron(cron);
  checkTimeZone(timeZone);
}

function invalid(path: string, message: string): PlimsollError {
  return new PlimsollError('invalid_request', `The request was not accepted: ${path}: ${message}.`, {
    errors: [{ path, message }],
  });
}
