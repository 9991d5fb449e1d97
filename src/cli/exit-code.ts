/** What a pipeline learns from the command. */
export const EXIT_CODES = {
  ok: 0,
  /** A finding as severe as `--fail-on` says, or worse. */
  findings: 1,
  usage: 2,
  /** The scan failed, or the service could not be used. */
  failed: 3,
  /** `--fail-on` found nothing, but the scan could not examine everything. */
  notFullyExamined: 4,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_CODES_HELP = `
Exit codes:
  0    done; with --fail-on: everything was examined and nothing that severe was found
  1    --fail-on: a finding of that severity or worse
  2    the command line or the configuration is wrong
  3    the scan failed, or the service could not be reached or started
  4    --fail-on: nothing that severe was found, but not everything could be examined
       (--allow-partial makes this 0)
  130  interrupted; the scan was cancelled`;

/** Ends the command with a message and a code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}
