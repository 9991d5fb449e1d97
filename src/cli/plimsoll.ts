import { Command, CommanderError, Option } from 'commander';
import { VERSION } from '../config/version.js';
import { CONTROL_STATUSES } from '../model/control.js';
import { EVENT_TYPES } from '../model/event.js';
import { FINDING_STATUSES } from '../model/finding.js';
import { REPORT_FORMATS } from '../model/report.js';
import { SBOM_FORMATS } from '../model/sbom.js';
import { SEVERITIES } from '../model/severity.js';
import { TARGET_KINDS } from '../model/target.js';
import { advisoryCommand } from './advisory.command.js';
import { ApiError } from './api-client.js';
import { collectClusterCommand } from './collect-cluster.command.js';
import { collectHostCommand } from './collect-host.command.js';
import { controlsCommand } from './controls.command.js';
import { eventsCommand } from './events.command.js';
import { CommandError, EXIT_CODES, EXIT_CODES_HELP, type ExitCode } from './exit-code.js';
import { feedsCommand, feedsSyncCommand } from './feeds.command.js';
import { findingsCommand } from './findings.command.js';
import { matchCommand } from './match.command.js';
import { OUTPUT_FORMATS } from './output.js';
import { addRegistryCommand, registriesCommand, removeRegistryCommand } from './registries.command.js';
import { scanCommand } from './scan.command.js';
import { reportCommand, sbomCommand } from './scan-document.command.js';
import { describeSchedules } from './schedules-program.js';
import { statusCommand } from './status.command.js';
import { VERIFY_HELP, verifyCommand } from './verify.command.js';
import { deleteVexCommand, importVexCommand, listVexCommand, showVexCommand } from './vex.command.js';
import { whyCommand } from './why.command.js';

/** npm and the terminal may both pass on one Ctrl-C: what comes this soon is the same one, milliseconds. */
const SAME_SIGNAL_MS = 1_000;

// Whoever reads the output may stop early, as `head` does; the exit code is still the command's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const interrupt = new AbortController();
let exitCode: ExitCode = EXIT_CODES.ok;

const program = new Command('plimsoll')
  .description('Audits container images, hosts and clusters: a client of the Plimsoll service.')
  .version(VERSION)
  .addHelpText(
    'after',
    `
The service is the one of --server or PLIMSOLL_URL, else the one that runs in the data folder, else one that is started
for the length of the command.
${EXIT_CODES_HELP}`,
  )
  .showHelpAfterError('(see plimsoll --help)')
  .exitOverride();

withService(program.command('scan'))
  .argument(
    '<reference>',
    'docker://NAME, docker-daemon:NAME, docker-archive:PATH, oci-archive:PATH, oci:DIR, rootfs:PATH, sbom:PATH, upload:ID, or a path; of a host docker:unix:///PATH, docker:tcp://HOST:PORT, root:DIR or facts:PATH',
  )
  .description('scan an image, a host or a cluster, wait, and print what was found')
  .addOption(
    new Option('--kind <kind>', 'what the target is, where the reference does not say so')
      .choices(TARGET_KINDS)
      .default('image'),
  )
  .option('--name <name>', 'what the target is called')
  .option('--platform <os/arch>', 'which image of a multi-platform index')
  .option('--lockfiles', 'count what lockfiles ask for as installed')
  .option('--no-secrets', 'search no file for secrets')
  .addOption(new Option('--fail-on <severity>', 'exit with 1 for such a finding or a worse one').choices(SEVERITIES))
  .option('--allow-partial', 'with --fail-on: exit with 0 also when not everything could be examined', false)
  .addHelpText('after', EXIT_CODES_HELP)
  .action(async (reference, options) => {
    exitCode = await scanCommand(reference, options, interrupt.signal);
  });

withService(program.command('findings'))
  .description('list findings of all targets, worst first')
  .option('--target <target>', 'of this target only: its id, name or reference')
  .option('--severity <list>', 'with these severities only, comma-separated', listOf(SEVERITIES))
  .option('--status <list>', 'with these statuses only (default: open,undetermined)', listOf(FINDING_STATUSES))
  .option('--kev', 'that CISA knows to be exploited only')
  .option('--min-epss <probability>', 'that EPSS gives this probability, or more, only: 0 to 1')
  .action(async (options) => {
    exitCode = await findingsCommand(options, interrupt.signal);
  });

withJson(program.command('why'))
  .argument('<finding>', 'its id')
  .description('explain a finding: what decided, what was compared, and what brought it')
  .action(async (finding, options) => {
    exitCode = await whyCommand(finding, options, interrupt.signal);
  });

withJson(program.command('advisory'))
  .argument('<id>', 'of a vulnerability or a record: CVE, GHSA, DSA, in whatever case')
  .description('show every record about a vulnerability')
  .action(async (id, options) => {
    exitCode = await advisoryCommand(id, options, interrupt.signal);
  });

withJson(program.command('match'))
  .argument('[purls...]', 'package URLs with versions; left out: one a line on standard input')
  .description('show the vulnerabilities of packages; nothing is stored')
  .action(async (purls, options) => {
    exitCode = await matchCommand(purls, options, interrupt.signal);
  });

withService(program.command('controls'))
  .argument('<scan>', 'its id; or the id, name or reference of a target, whose newest scan is meant')
  .description('show what each control said of an image, failures first')
  .option('--status <list>', 'with these statuses only, comma-separated', listOf(CONTROL_STATUSES))
  .action(async (scan, options) => {
    exitCode = await controlsCommand(scan, options, interrupt.signal);
  });

withServer(program.command('sbom'))
  .argument('<scan>', 'its id; or the id, name or reference of a target, whose newest scan is meant')
  .description('print the packages that a scan found, as an SBOM')
  .addOption(new Option('--format <format>', 'CycloneDX 1.6 or SPDX 2.3').choices(SBOM_FORMATS).default('cyclonedx'))
  .option('--output <file>', 'write it there instead')
  .action(async (scan, options) => {
    exitCode = await sbomCommand(scan, options, interrupt.signal);
  });

withServer(program.command('report'))
  .argument('<scan>', 'its id; or the id, name or reference of a target, whose newest scan is meant')
  .description('print what a scan found, as it is known today, for other programs')
  .addOption(new Option('--format <format>', 'OpenVEX 0.2.0').choices(REPORT_FORMATS).default('openvex'))
  .option('--output <file>', 'write it there instead')
  .action(async (scan, options) => {
    exitCode = await reportCommand(scan, options, interrupt.signal);
  });

const vex = program.command('vex').description('what vendors and you say of vulnerabilities');

withService(vex.command('import'))
  .argument('<file>', 'OpenVEX, CycloneDX with vulnerabilities, or CSAF 2.0, as JSON; - for standard input')
  .description('keep a document, and suppress or annotate the findings that it is about')
  .action(async (file, options) => {
    exitCode = await importVexCommand(file, options, interrupt.signal);
  });

withService(vex.command('list'))
  .description('list documents, newest first')
  .action(async (options) => {
    exitCode = await listVexCommand(options, interrupt.signal);
  });

withService(vex.command('show'))
  .argument('<id>', 'of the document')
  .description('show what a document says')
  .action(async (id, options) => {
    exitCode = await showVexCommand(id, options, interrupt.signal);
  });

withService(vex.command('delete'))
  .argument('<id>', 'of the document')
  .description('forget a document: findings are again what they are without it')
  .action(async (id, options) => {
    exitCode = await deleteVexCommand(id, options, interrupt.signal);
  });

const feeds = withService(program.command('feeds'))
  .description('list where advisories, dates and scores come from, and how fresh they are')
  .action(async (options) => {
    exitCode = await feedsCommand(options, interrupt.signal);
  });

withService(feeds.command('sync'))
  .argument('[name]', 'of the feed; every one that is enabled when left out')
  .description('read them again, and wait')
  .action(async (name, _options, command) => {
    exitCode = await feedsSyncCommand(name ?? null, command.optsWithGlobals(), interrupt.signal);
  });

const registries = withService(program.command('registries'))
  .description('list how images are fetched from registries')
  .action(async (options) => {
    exitCode = await registriesCommand(options, interrupt.signal);
  });

withService(registries.command('list'))
  .description('the same')
  .action(async (_options, command) => {
    exitCode = await registriesCommand(command.optsWithGlobals(), interrupt.signal);
  });

withService(registries.command('add'))
  .argument('<host>', 'as image names have it: registry.example:5000, or docker.io')
  .description('keep credentials, mirrors or certificates for a registry; secrets are read from standard input')
  .option('--username <name>', 'whose password is read')
  .option('--with-token', 'read an identity token')
  .option('--mirror <host/path>', 'asked before the registry itself; may be repeated', collect, [])
  .option('--ca <file>', 'certificates in PEM to trust beside the usual ones')
  .option('--insecure', 'plain HTTP')
  .action(async (host, _options, command) => {
    exitCode = await addRegistryCommand(host, command.optsWithGlobals(), interrupt.signal);
  });

withService(registries.command('remove'))
  .argument('<host>', 'of the registry, or its id')
  .description('forget a registry and its credentials')
  .action(async (host, _options, command) => {
    exitCode = await removeRegistryCommand(host, command.optsWithGlobals(), interrupt.signal);
  });

describeSchedules(program, {
  withService,
  signal: interrupt.signal,
  end: (code) => {
    exitCode = code;
  },
});

const collecting = program
  .command('collect')
  .description('read facts where a service cannot reach them, and write them as a file to upload');

collecting
  .command('host')
  .description('write the facts of this host as a file to upload; reads only, and asks no service')
  .option('--root <path>', 'where the root of the host is mounted', '/')
  .option('--output <file>', 'write it there instead of standard output')
  .option('--no-engine', 'do not ask the container engine')
  .option(
    '--docker-host <address>',
    'of the container engine (PLIMSOLL_DOCKER_HOST, DOCKER_HOST, unix:///var/run/docker.sock)',
  )
  .option(
    '--docker-cert-path <folder>',
    'with ca.pem, cert.pem and key.pem (PLIMSOLL_DOCKER_CERT_PATH, DOCKER_CERT_PATH)',
  )
  .addHelpText(
    'after',
    `
Collect as root, to see all of it: what may not be read is named on standard error, and in the file. The file holds
no values of secrets. Programs that are run: nft, iptables-save, ip6tables-save, auditctl -l.

  sudo plimsoll collect host --output facts.json     on the host
  plimsoll scan facts:facts.json                     where the service can be reached
${EXIT_CODES_HELP}`,
  )
  .action(async (options) => {
    exitCode = await collectHostCommand(options, interrupt.signal);
  });

collecting
  .command('cluster')
  .description(
    'write the facts of a Kubernetes cluster as a file to upload; reads only, and asks no service but its API server',
  )
  .option('--kubeconfig <file>', 'which cluster, and as whom (KUBECONFIG, ~/.kube/config)')
  .option('--context <name>', 'of the kubeconfig; its current one if not given')
  .option('--in-cluster', 'use the account of the pod that this runs in')
  .option('--output <file>', 'write it there instead of standard output')
  .option('--print-rbac', 'print a role with the rights that are needed, as manifests, and end')
  .option('--secrets', 'with --print-rbac: let Secrets be listed, which is the right to read them all')
  .option('--no-secrets', 'do not ask for the metadata of Secrets')
  .addHelpText(
    'after',
    `
Only GET is sent. Of Secrets the metadata alone is asked for. What is refused is named on standard error, and in the
file. The file holds no values of secrets. Programs that the kubeconfig names for credentials are run, as kubectl does.
${EXIT_CODES_HELP}`,
  )
  .action(async (options) => {
    exitCode = await collectClusterCommand(options, interrupt.signal);
  });

withService(program.command('status'))
  .description('show whether a service runs, its feeds and its newest scans')
  .action(async (options) => {
    exitCode = await statusCommand(options, interrupt.signal);
  });

withServer(program.command('events'))
  .description('print the event log, oldest first, one event a line')
  .option('--after <position>', 'only those behind this position', '0')
  .option('--types <list>', 'of these types only, comma-separated', listOf(EVENT_TYPES))
  .action(async (options) => {
    exitCode = await eventsCommand(options, interrupt.signal);
  });

withService(program.command('verify'))
  .argument('[export]', 'a file with one event a line, from position 1; left out: the log of the service')
  .description('check that no entry of the event log was changed, removed or added')
  .option('--checkpoint <file>', 'one that was kept, which the log must agree with; may be repeated', collect, [])
  .option('--key <key>', 'trust checkpoints of this key only; may be repeated', collect, [])
  .option('--save <file>', 'keep the checkpoint of now there, when all is well')
  .addHelpText('after', VERIFY_HELP)
  .action(async (file, options) => {
    exitCode = await verifyCommand(file ?? null, options, interrupt.signal);
  });

listenForInterrupts();
try {
  await program.parseAsync();
} catch (error) {
  exitCode = explain(error);
}
process.exitCode = exitCode;
// Connections that are kept for a next request would hold the process; output may still be on its way into a pipe.
await new Promise((written) => process.stdout.write('', written));
process.exit();

function withServer(command: Command): Command {
  return command
    .option('--server <url>', 'the service to talk to (PLIMSOLL_URL)')
    .option('--token <token>', 'the token to show it (PLIMSOLL_TOKEN)');
}

function withService(command: Command): Command {
  return withServer(command).addOption(
    new Option('--format <format>', 'how to print').choices(OUTPUT_FORMATS).default('table'),
  );
}

function withJson(command: Command): Command {
  return withService(command).addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }));
}

function collect(item: string, items: string[]): string[] {
  return [...items, item];
}

function listOf(values: readonly string[]): (text: string) => string {
  return (text) => {
    const unknown = text.split(',').find((item) => !values.includes(item));
    if (unknown === undefined) return text;
    throw new CommandError(EXIT_CODES.usage, `"${unknown}" is not one of ${values.join(', ')}.`);
  };
}

function explain(error: unknown): ExitCode {
  if (interrupt.signal.aborted) return EXIT_CODES.interrupted;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  if (error instanceof CommandError) {
    console.error(error.message);
    return error.exitCode;
  }
  if (error instanceof ApiError) {
    console.error(error.message);
    return error.code === 'invalid_request' ? EXIT_CODES.usage : EXIT_CODES.failed;
  }
  console.error(error);
  return EXIT_CODES.failed;
}

function listenForInterrupts(): void {
  let since: number | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (since !== null && performance.now() - since > SAME_SIGNAL_MS) process.exit(EXIT_CODES.interrupted);
      since ??= performance.now();
      interrupt.abort(new CommandError(EXIT_CODES.interrupted, 'interrupted'));
    });
  }
}
