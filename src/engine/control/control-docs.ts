import { BENCHMARKS } from '../benchmark/benchmarks.js';
import { IMAGE_CONTROLS } from './image/image-controls.js';

/** docs/controls.md, Markdown. */
export function controlsDocument(): string {
  const rows = IMAGE_CONTROLS.map(({ id, severity, title, looksAt, remediation }) => {
    return `| \`${id}\` | ${severity} | ${title}. | ${looksAt} | ${remediation} | ${requirementsOf(id)} |`;
  });
  const benchmarks = BENCHMARKS.map(({ name, title, version, requirements }) => {
    const lines = requirements.map(({ id, title: asked, controls, partly }) => {
      const by = controls.length === 0 ? 'a person' : controls.map((control) => `\`${control}\``).join(', ');
      return `| ${id} | ${asked}. | ${by}${partly ? '; the rest by a person' : ''} |`;
    });
    return `## ${title} ${version}\n\n\`GET /v1/scans/{id}/benchmarks/${name}\`\n\n| requirement | what it asks for | judged by |\n|---|---|---|\n${lines.join('\n')}\n`;
  });
  return `# Controls

<!-- written by \`npm run specs\` from src/engine/control and src/engine/benchmark -->

A control is a rule that an image's configuration, files or packages pass or fail. Every scan answers each of them, at
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

| control | severity | what it asks for | what it looks at | when it fails | benchmarks |
|---|---|---|---|---|---|
${rows.join('\n')}

${benchmarks.join('\n')}
A requirement fails when one of its controls fails; else it is \`undetermined\` when one of them is, then \`manual\`, then \`pass\`.
`;
}

function requirementsOf(control: string): string {
  const numbers = BENCHMARKS.flatMap(({ name, requirements }) =>
    requirements.filter(({ controls }) => controls.includes(control)).map(({ id }) => `${name} ${id}`),
  );
  return numbers.join(', ') || '–';
}
