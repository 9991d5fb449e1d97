#!/usr/bin/env node
/** The `plimsoll` command of a checkout: makes it runnable, then runs the command on the Node that came with it. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareOrExit, runner } from './prepare.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

await prepareOrExit();

const command = join(ROOT, 'dist', 'src', 'cli', 'plimsoll.js');
const child = spawn(runner() || process.execPath, ['--max-semi-space-size=1', command, ...process.argv.slice(2)], {
  stdio: 'inherit',
  // Wherever the command is called, it looks for the service of this checkout.
  env: { ...process.env, PLIMSOLL_DATA_DIR: process.env.PLIMSOLL_DATA_DIR || join(ROOT, '.plimsoll') },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(error.message);
  process.exit(3);
});
child.once('close', (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exit(code);
  }
});
