/** Runs every static check, prints what each found, and exits 1 when one failed. */
import { spawnSync } from 'node:child_process';

const CHECKS = [
  ['types', 'node_modules/.bin/tsc', ['-p', '.', '--noEmit']],
  ['lint and format', 'node_modules/.bin/biome', ['check', '--error-on-warnings', '.']],
  ['layers', 'node_modules/.bin/depcruise', ['--config', '.dependency-cruiser.mjs', 'src', 'migrations']],
  ['dead code', 'node_modules/.bin/knip', []],
  ['generated files', 'node', ['dist/src/emit-specs.js', '--check']],
  ['docs', 'node', ['scripts/check-docs.mjs']],
  ['licences', 'node', ['scripts/check-licences.mjs']],
];

let failed = 0;
for (const [name, command, args] of CHECKS) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command === 'node' ? process.execPath : command, args, {
    encoding: 'utf8',
  });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  if (status === 0) {
    console.log(`ok      ${name} (${seconds} s)`);
  } else {
    failed += 1;
    console.log(`FAILED  ${name} (${seconds} s)\n${stdout}${stderr}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
