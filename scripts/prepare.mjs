/**
 * Makes the checkout runnable: packages as package-lock.json says, dist/ as the sources say, Node 24 to run it. Says what it
 * does on standard error; when there is nothing to do it says nothing. Built-ins only, as it runs before anything is
 * installed; and no syntax that Node 14 does not know, so that an old Node gets the sentence below.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const BIN = join(MODULES, '.bin');
const INSTALL_STAMP = join(MODULES, '.plimsoll-stamp');
const DIST = join(ROOT, 'dist');
const BUILD_STAMP = join(DIST, '.stamp');
const LOCK = join(ROOT, '.prepare.lock');

/** The oldest Node that can install; what it installs brings the Node that runs. */
const MIN_NODE = 20;
const RUN_NODE = 24;

/** How long a step is silent before it says that it is still at it, milliseconds. */
const SILENCE_MS = 2000;

class PrepareError extends Error {}

/** Does what is missing. Fails with a PrepareError whose message says what to do. */
export async function prepare() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < MIN_NODE) {
    throw new PrepareError(
      `Plimsoll needs Node ${MIN_NODE} or later; this is ${process.version} (${process.execPath}).`,
    );
  }
  if (isInstalled() && isBuilt()) return;
  const unlock = await lock();
  try {
    if (!isInstalled()) await install();
    checkRunner();
    if (!isBuilt()) await build();
  } finally {
    unlock();
  }
}

/** The Node that runs Plimsoll: the installed one, or this one where it is new enough. */
export function runner() {
  const installed = join(BIN, 'node');
  if (existsSync(installed)) return installed;
  return Number(process.versions.node.split('.')[0]) >= RUN_NODE ? process.execPath : null;
}

function checkRunner() {
  if (runner()) return;
  throw new PrepareError(
    `Plimsoll runs on Node ${RUN_NODE}. No package brings it for ${process.platform}-${process.arch}, and this is ${process.version}: ` +
      `install Node ${RUN_NODE}, or run "npm ci --include=optional" where optional packages were left out.`,
  );
}

// installing

function installStamp() {
  const hash = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

function isInstalled() {
  return readOr(INSTALL_STAMP, '') === installStamp();
}

async function install() {
  if (isInstalledByHand()) {
    writeFileSync(INSTALL_STAMP, installStamp());
    return;
  }
  const stamp = installStamp();
  rmSync(INSTALL_STAMP, { force: true });
  const npm = npmCommand();
  const result = await run(
    'installing packages',
    npm.program,
    [...npm.args, 'ci', '--include=dev', '--loglevel=error'],
    npm.env,
  );
  if (result.code !== 0) {
    throw new PrepareError(
      `${result.output.trim()}\n\nThe packages could not be installed (npm ci ended with ${result.code}). Is the registry reachable ` +
        '("npm ping"), and is there space on the disk ("df .")? Then run this again: it starts over.',
    );
  }
  writeFileSync(INSTALL_STAMP, stamp);
}

/** npm keeps a list of what it installed, written last: with the same versions as the lockfile there is nothing to do. */
function isInstalledByHand() {
  const installed = readJson(join(MODULES, '.package-lock.json'));
  const wanted = readJson(join(ROOT, 'package-lock.json'));
  if (!installed || !wanted) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true;
    const there = installed.packages[path];
    return there ? there.version === entry.version && there.integrity === entry.integrity : entry.optional === true;
  });
}

/**
 * npm as it was called, run by the Node that it was called with. The Node in node_modules must not run it: npm removes
 * that folder first.
 */
function npmCommand() {
  const path = (process.env.PATH || '').split(delimiter).filter((folder) => resolve(folder) !== BIN);
  const env = { ...process.env, PATH: path.join(delimiter) };
  const cli = process.env.npm_execpath || '';
  const node = [process.env.npm_node_execpath, process.execPath].find(
    (file) => file && !file.startsWith(MODULES + sep),
  );
  if (/npm-cli\.[cm]?js$/.test(cli) && node && existsSync(cli)) return { program: node, args: [cli], env };
  return { program: 'npm', args: [], env };
}

// building

/** Files whose change makes dist/ stale, by name, size and time. */
function buildStamp() {
  const hash = createHash('sha256').update(installStamp());
  for (const name of ['tsconfig.json', 'tsconfig.build.json', 'package.json'])
    hash.update(fingerprint(join(ROOT, name)));
  for (const folder of ['migrations', 'src']) addFolder(hash, join(ROOT, folder));
  return `${hash.digest('hex')}\n`;
}

function addFolder(hash, folder) {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) addFolder(hash, path);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts')) hash.update(fingerprint(path));
  }
}

function fingerprint(path) {
  const { size, mtimeMs } = statSync(path);
  return `${path.slice(ROOT.length)} ${size} ${mtimeMs}\n`;
}

function isBuilt() {
  return readOr(BUILD_STAMP, '') === buildStamp();
}

/** Into another folder first, as deep as dist/ so that source maps fit: a build that fails leaves the old one. */
async function build() {
  const stamp = buildStamp();
  const fresh = join(ROOT, '.dist-new');
  const old = join(ROOT, '.dist-old');
  remove(fresh);
  remove(old);
  const node = runner() || process.execPath;
  const args = [join(BIN, 'tsc'), '-p', 'tsconfig.build.json', '--outDir', fresh];
  const result = await run('building', node, args, process.env);
  if (result.code !== 0) {
    remove(fresh);
    throw new PrepareError(`${result.output.trim()}\n\nThe build failed: mend the errors above.`);
  }
  writeFileSync(join(fresh, '.stamp'), stamp);
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(fresh, DIST);
  remove(old);
}

function remove(path) {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

// running

/** The process group that works for us now. */
let worker = null;

/** Runs a command, keeps its output to itself, and says every two seconds that it is still at it. */
async function run(what, program, args, env) {
  const started = Date.now();
  const parent = process.ppid;
  console.error(`${what} …`);
  const child = spawn(program, args, { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  worker = child.pid || null;
  if (worker) writeLock(worker);
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  const timer = setInterval(() => {
    // A signal to npm ends the shell between it and us; nobody would wait for us any more.
    if (process.ppid !== parent) abandon(143);
    console.error(`${what} … ${Math.round((Date.now() - started) / 1000)} s`);
  }, SILENCE_MS);
  const code = await new Promise((done) => {
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${program}: ${error.message}`));
      done(1);
    });
    child.once('close', (exitCode, signal) => done(signal || exitCode));
  });
  clearInterval(timer);
  worker = null;
  return { code, output: Buffer.concat(chunks).toString() };
}

function abandon(code) {
  if (worker) kill(-worker, 'SIGTERM');
  if (held) rmSync(LOCK, { force: true });
  process.exit(code);
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

// one at a time

let held = false;

/** Waits for another prepare of this checkout, also for the npm of one that was killed. */
async function lock() {
  checkWritable();
  for (let waited = 0; ; waited += 1) {
    try {
      writeFileSync(LOCK, lockText(null), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = readJson(LOCK);
    // An empty file: its writer is between two system calls, or was killed there.
    const isLive = holder ? isSame(holder.self) || isSame(holder.worker) : waited < 20;
    if (!isLive) {
      removeStale(holder);
      continue;
    }
    if (waited % 20 === 10) {
      console.error(`waiting for another start of this checkout${holder ? ` (process ${holder.self.pid})` : ''} …`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  held = true;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])
    process.once(signal, () => abandon(code));
  return () => {
    held = false;
    rmSync(LOCK, { force: true });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
  };
}

/** Unless another start was quicker, and the file is its own by now. */
function removeStale(holder) {
  const aside = `${LOCK}.stale.${process.pid}`;
  try {
    renameSync(LOCK, aside);
    if (JSON.stringify(readJson(aside)) !== JSON.stringify(holder)) linkSync(aside, LOCK);
  } catch {
    // Another start has it.
  }
  rmSync(aside, { force: true });
}

function checkWritable() {
  try {
    accessSync(ROOT, constants.W_OK);
  } catch {
    throw new PrepareError(
      `${ROOT} has to be installed or built, and user ${process.getuid ? process.getuid() : '?'} cannot write there: run "npm run build" as its owner first.`,
    );
  }
}

function writeLock(child) {
  const temporary = `${LOCK}.${process.pid}`;
  writeFileSync(temporary, lockText(child));
  renameSync(temporary, LOCK);
}

function lockText(child) {
  return JSON.stringify({ self: identity(process.pid), worker: child === null ? null : identity(child) });
}

function identity(pid) {
  return { pid, startTime: startTime(pid) };
}

function isSame(known) {
  if (!known) return false;
  try {
    process.kill(known.pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return startTime(known.pid) === known.startTime;
}

/** proc_pid_stat(5), field 22; where there is no /proc, numbers are all there is. */
function startTime(pid) {
  const stat = readOr(`/proc/${pid}/stat`, '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] || '';
}

function readOr(path, otherwise) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Prepares and ends the process with 1 when that fails. */
export async function prepareOrExit() {
  try {
    await prepare();
  } catch (error) {
    console.error(error instanceof PrepareError ? error.message : error);
    process.exit(1);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await prepareOrExit();
