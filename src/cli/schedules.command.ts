import type { Schedule, ScheduleRun } from '../model/schedule.js';
import type { PlannedRun } from '../model/schedule-times.js';
import type { ApiClient } from './api-client.js';
import type { ConnectOptions } from './connect.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import { type ScheduleOptions, scheduleSettings } from './schedule-settings.js';
import { printableRun, printableSchedule } from './schedule-text.js';
import { printable } from './table.js';
import type { Wire } from './wire.js';
import { withService } from './with-service.js';

export interface SchedulesCommandOptions extends ConnectOptions {
  format: OutputFormat;
}

export async function listSchedulesCommand(options: SchedulesCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const schedules = await client.list<Wire<Schedule>>('/v1/schedules');
    if (options.format === 'json') printJson({ schedules });
    else for (const schedule of schedules) printLine(printableSchedule(schedule));
    if (options.format === 'table' && schedules.length === 0) printLine('no schedules');
    return EXIT_CODES.ok;
  });
}

export async function createScheduleCommand(
  name: string,
  options: SchedulesCommandOptions & ScheduleOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const settings = { name, ...(await scheduleSettings(client, options)) };
    return show(await client.post<Wire<Schedule>>('/v1/schedules', settings), options);
  });
}

/** @param name of the schedule, or its id; likewise below */
export async function showScheduleCommand(
  name: string,
  options: SchedulesCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client) => show(await findSchedule(client, name), options));
}

/** What is not given stays. */
export async function updateScheduleCommand(
  name: string,
  options: SchedulesCommandOptions & ScheduleOptions & { name?: string },
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const { id } = await findSchedule(client, name);
    const settings = await scheduleSettings(client, options);
    const changes = { ...(options.name !== undefined && { name: options.name }), ...settings };
    if (Object.keys(changes).length === 0)
      throw new CommandError(EXIT_CODES.usage, 'There is nothing to change: see "plimsoll schedules update --help".');
    return show(await client.patch<Wire<Schedule>>(`/v1/schedules/${id}`, changes), options);
  });
}

export async function pauseScheduleCommand(
  name: string,
  paused: boolean,
  options: SchedulesCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const { id } = await findSchedule(client, name);
    return show(await client.patch<Wire<Schedule>>(`/v1/schedules/${id}`, { paused }), options);
  });
}

export async function deleteScheduleCommand(
  name: string,
  options: SchedulesCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const schedule = await findSchedule(client, name);
    await client.delete(`/v1/schedules/${schedule.id}`);
    if (options.format === 'json') printJson({ deleted: schedule });
    else printLine(printable(`${schedule.name}: deleted`));
    return EXIT_CODES.ok;
  });
}

/** Does not wait for the scans. */
export async function runScheduleCommand(
  name: string,
  options: SchedulesCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const { id } = await findSchedule(client, name);
    const run = await client.post<Wire<ScheduleRun>>(`/v1/schedules/${id}/run`);
    if (options.format === 'json') printJson({ run });
    else for (const line of printableRun(run)) printLine(line);
    return EXIT_CODES.ok;
  });
}

/** Newest first. */
export async function scheduleRunsCommand(
  name: string,
  options: SchedulesCommandOptions & { count: number },
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const { id } = await findSchedule(client, name);
    const path = `/v1/schedules/${id}/runs?limit=${options.count}`;
    const { items: runs } = await client.get<{ items: Wire<ScheduleRun>[] }>(path);
    if (options.format === 'json') printJson({ runs });
    else for (const line of runs.flatMap(printableRun)) printLine(line);
    if (options.format === 'table' && runs.length === 0) printLine('no runs so far');
    return EXIT_CODES.ok;
  });
}

export async function nextRunsCommand(
  name: string,
  options: SchedulesCommandOptions & { count: number },
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const { id } = await findSchedule(client, name);
    const path = `/v1/schedules/${id}/next?count=${options.count}`;
    const { items: next } = await client.get<{ items: Wire<PlannedRun>[] }>(path);
    if (options.format === 'json') printJson({ next });
    else for (const { runAt } of next) printLine(runAt);
    if (options.format === 'table' && next.length === 0) printLine('it never runs');
    return EXIT_CODES.ok;
  });
}

async function findSchedule(client: ApiClient, name: string): Promise<Wire<Schedule>> {
  const schedules = await client.list<Wire<Schedule>>('/v1/schedules');
  // A name is unique, and nothing keeps one from looking like the id of another.
  const found = schedules.find(({ id }) => id === name) ?? schedules.find((schedule) => schedule.name === name);
  if (found) return found;
  throw new CommandError(EXIT_CODES.usage, `There is no schedule ${printable(name)}: see "plimsoll schedules".`);
}

function show(schedule: Wire<Schedule>, { format }: SchedulesCommandOptions): ExitCode {
  if (format === 'json') printJson({ schedule });
  else printLine(printableSchedule(schedule));
  return EXIT_CODES.ok;
}
