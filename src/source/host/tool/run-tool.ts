import { execFile } from 'node:child_process';

/** Where tools of the system are, whatever the user's own path says. */
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const TIMEOUT_MS = 10_000;
const MAX_OUTPUT = 16 * 1024 * 1024;

export type ToolOutput =
  | { result: 'done'; text: string }
  /** There is no such program. */
  | { result: 'missing' }
  | { result: 'not_permitted' | 'failed' | 'limit_exceeded'; message: string };

/**
 * Runs a program of the system that only reads, and answers what it prints. It is ended after ten seconds, or 16 MiB.
 *
 * @throws whatever `signal` was aborted with
 */
export async function runTool(program: string, args: readonly string[], signal: AbortSignal): Promise<ToolOutput> {
  const answer = await new Promise<ToolOutput>((resolve) => {
    const options = {
      env: { PATH, LC_ALL: 'C' },
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL' as const,
      maxBuffer: MAX_OUTPUT,
      signal,
    };
    const child = execFile(program, args, options, (error, stdout, stderr) =>
      resolve(error ? failureOf(program, error, stderr) : { result: 'done', text: stdout }),
    );
    child.stdin?.end();
  });
  signal.throwIfAborted();
  return answer;
}

function failureOf(
  program: string,
  error: Error & { code?: string | number | null; killed?: boolean },
  stderr: string,
): ToolOutput {
  if (error.code === 'ENOENT') return { result: 'missing' };
  if (error.killed || error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    const message = `${program} was ended: it took more than ${TIMEOUT_MS / 1_000} seconds, or printed more than ${MAX_OUTPUT} bytes.`;
    return { result: 'limit_exceeded', message };
  }
  const why = stderr.trim().split('\n')[0]?.slice(0, 200).toWellFormed() || String(error.code);
  if (error.code === 'EACCES' || /permission|not permitted|must be root|you must be root/i.test(stderr))
    return { result: 'not_permitted', message: `${program} may not read (${why}): run the command as root.` };
  return { result: 'failed', message: `${program} failed (${why}).` };
}
