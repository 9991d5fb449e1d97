import type { Command } from 'commander';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import {
  createScheduleCommand,
  deleteScheduleCommand,
  listSchedulesCommand,
  nextRunsCommand,
  pauseScheduleCommand,
  runScheduleCommand,
  scheduleRunsCommand,
  showScheduleCommand,
  updateScheduleCommand,
} from './schedules.command.js';

interface Setting {
  /** Adds the options of a command that talks to a service. */
  withService(command: Command): Command;
  signal: AbortSignal;
  /** Told the exit code of the command that ran. */
  end(code: ExitCode): void;
}

/** Pages of the service have this many items at most. */
const MAX_RUNS = 500;
const MAX_PLANNED = 100;

/** Describes `plimsoll schedules` and what is below it. */
export function describeSchedules(program: Command, { withService, signal, end }: Setting): void {
  const schedules = withService(program.command('schedules'))
    .description('list what is scanned again and again, newest first')
    .action(async (options) => end(await listSchedulesCommand(options, signal)));

  withService(schedules.command('list'))
    .description('the same')
    .action(async (_options, command) => end(await listSchedulesCommand(command.optsWithGlobals(), signal)));

  withSettings(withService(schedules.command('create')))
    .argument('<name>', 'what it is called')
    .description('have a target, all with some labels, or the tags of a repository scanned again and again')
    .option('--paused', 'let it not run by itself yet')
    .addHelpText(
      'after',
      `
One of --cron and --every, and one of --target, --label and --repository are needed.

  plimsoll schedules create nightly --cron "30 2 * * *" --time-zone Europe/Berlin --label team=payments
  plimsoll schedules create hourly --every 3600 --jitter 600 --target docker://registry.example/app:1
  plimsoll schedules create releases --cron @daily --repository registry.example/team/app --tags "v1.*"`,
    )
    .action(async (name, _options, command) =>
      end(await createScheduleCommand(name, command.optsWithGlobals(), signal)),
    );

  withSettings(withService(schedules.command('update')))
    .argument('<schedule>', 'its name or id')
    .description('change a schedule: what is not given stays; all labels, and all options of scans, are replaced')
    .option('--name <name>', 'call it this')
    .action(async (name, _options, command) =>
      end(await updateScheduleCommand(name, command.optsWithGlobals(), signal)),
    );

  const commands = {
    show: ['show a schedule', showScheduleCommand],
    delete: ['delete a schedule and its runs; their scans stay', deleteScheduleCommand],
    run: ['run a schedule now; its next run stays as it is', runScheduleCommand],
    pause: ['let a schedule not run by itself', (name, ...rest) => pauseScheduleCommand(name, true, ...rest)],
    resume: [
      'let a schedule run by itself again; what it missed is not made up for',
      (name, ...rest) => pauseScheduleCommand(name, false, ...rest),
    ],
  } as const satisfies Record<string, [string, typeof showScheduleCommand]>;
  for (const [name, [description, run]] of Object.entries(commands)) {
    withService(schedules.command(name))
      .argument('<schedule>', 'its name or id')
      .description(description)
      .action(async (schedule, _options, command) => end(await run(schedule, command.optsWithGlobals(), signal)));
  }

  withService(schedules.command('runs'))
    .argument('<schedule>', 'its name or id')
    .description('show what a schedule did, newest first')
    .option('--count <number>', 'of runs, at most', wholeNumber('--count', 1, MAX_RUNS), 20)
    .action(async (name, _options, command) => end(await scheduleRunsCommand(name, command.optsWithGlobals(), signal)));

  withService(schedules.command('next'))
    .argument('<schedule>', 'its name or id')
    .description('show the runs to come; of a paused schedule those it would have')
    .option('--count <number>', 'of runs, at most', wholeNumber('--count', 1, MAX_PLANNED), 10)
    .action(async (name, _options, command) => end(await nextRunsCommand(name, command.optsWithGlobals(), signal)));
}

function withSettings(command: Command): Command {
  return command
    .option('--cron <expression>', 'minute, hour, day, month, weekday')
    .option('--every <seconds>', 'an interval, 60 or more', wholeNumber('--every', 1, Number.MAX_SAFE_INTEGER))
    .option('--time-zone <zone>', 'whose clock --cron means, as Europe/Berlin (UTC)')
    .option(
      '--jitter <seconds>',
      'each run is later by up to this',
      wholeNumber('--jitter', 0, Number.MAX_SAFE_INTEGER),
    )
    .option('--target <target>', 'what is scanned: its id, name or reference')
    .option('--label <key=value>', 'scan every target that has it; may be repeated', collect, [])
    .option('--repository <name>', 'scan its tags, those that come later too, as registry.example/team/app')
    .option('--tags <glob>', 'which tags of --repository: * is any text, ? one character (*)')
    .option('--platform <os/arch>', 'which image of a multi-platform index')
    .option('--lockfiles', 'count what lockfiles ask for as installed')
    .option('--no-secrets', 'search no file for secrets');
}

function collect(item: string, items: string[]): string[] {
  return [...items, item];
}

function wholeNumber(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const expected = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
    throw new CommandError(EXIT_CODES.usage, `${name}: expected a whole number, ${expected}.`);
  };
}
