import { BENCHMARKS } from '../benchmark/benchmarks.js';
import { CLUSTER_CONTROLS } from './cluster/cluster-controls.js';
import { HOST_CONTROLS } from './host/host-controls.js';
import { IMAGE_CONTROLS } from './image/image-controls.js';

/** docs/controls.md, Markdown. */
export function controlsDocument(): string {
  const benchmarks = BENCHMARKS.map(({ name, title, version, requirements }) => {
    const lines = requirements.map(({ id, title: asked, controls, partly }) => {
      const by = controls.length === 0 ? 'a person' : controls.map((control) => `\`${control}\``).join(', ');
      return `| ${id} | ${asked}. | ${by}${partly ? '; the rest by a person' : ''} |`;
    });
    return `## ${title} ${version}\n\n\`GET /v1/scans/{id}/benchmarks/${name}\`\n\n| requirement | what it asks for | judged by |\n|---|---|---|\n${lines.join('\n')}\n`;
  });
  return `# Controls

<!-- written by \`npm run specs\` from src/engine/control and src/engine/benchmark -->

A control is a rule that the facts of a target pass or fail: an image's configuration, files and packages; a host's engine, containers and Linux; a cluster's
objects, control plane and kubelets. Every scan answers each of them, at
\`GET /v1/scans/{id}/controls\`, with one of these:

| status | meaning |
|---|---|
| \`pass\` | All that it rests on was read, and nothing speaks against it. |
| \`fail\` | The evidence shows why. It opens a finding of kind \`misconfiguration\`, whose \`ruleId\` is the control's. |
| \`manual\` | Only a person can tell; the reason says what to look at. |
| \`not_applicable\` | The target has nothing that the control is about: a root file system has no configuration. |
| \`undetermined\` | Something that it rests on could not be read. It closes no finding. |

Evidence never holds a secret, only what it is called and where it is. Values that their names call secret are taken out of the configuration
before it is stored.

These open no finding: \`patches-installed\`, \`no-secrets-in-files\` and \`distribution-supported\`, as vulnerabilities, secrets and the end of life
have findings already; and \`pinned-tag\`, as an image has the same findings wherever it is read from.

## Images

${tableOf(IMAGE_CONTROLS)}

## Hosts

Where a kind of facts is not known that a control rests on, as with an engine's API alone, it is \`undetermined\`; where the host has no
container engine, what is about containers is \`not_applicable\`. Controls over containers open a finding for each container that fails. See
[hosts](hosts.md).

${tableOf(HOST_CONTROLS)}

## Clusters

Pods are joined with what made them, so a Deployment, a CronJob or an operator's own kind is judged once, by its template and by replicas that differ
from it; each that fails is a finding. Evidence names the object (\`Kind/namespace/name\`), the field and its value. The rules of the Pod Security
Standards are those of the cluster's release, or of the newest where it is not known. What a provider runs is \`not_applicable\`; what the API was
refused is \`undetermined\`, unless what could be read fails already. Operators may add [their own](custom-controls.md).

${tableOf(CLUSTER_CONTROLS)}

${benchmarks.join('\n')}
A requirement fails when one of its controls fails; else it is \`undetermined\` when one of them is, then \`manual\`, then \`pass\`.
`;
}

type Documented = Pick<(typeof IMAGE_CONTROLS)[number], 'id' | 'severity' | 'title' | 'looksAt' | 'remediation'>;

function tableOf(controls: readonly Documented[]): string {
  const rows = controls.map(({ id, severity, title, looksAt, remediation }) => {
    const cells = [`\`${id}\``, severity, `${title}.`, looksAt, remediation, requirementsOf(id)];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const head = '| control | severity | what it asks for | what it looks at | when it fails | benchmarks |';
  return `${head}\n|---|---|---|---|---|---|\n${rows.join('\n')}`;
}

function requirementsOf(control: string): string {
  const numbers = BENCHMARKS.flatMap(({ name, requirements }) =>
    requirements.filter(({ controls }) => controls.includes(control)).map(({ id }) => `${name} ${id}`),
  );
  return numbers.join(', ') || '–';
}
