import { VARIABLES } from './variables.js';

/** The README's section on configuration, Markdown. */
export function configurationSection(): string {
  const rows = Object.values(VARIABLES).map(({ name, defaultText, expected, description }) => {
    return `| \`${name}\` | ${defaultText} | ${description} | ${expected} |`;
  });
  return `The environment is all there is: no files, no flags. An empty variable counts as not set. Every problem is reported at once when the
service starts; a \`PLIMSOLL_\` variable that does not exist is named in a warning.

| variable | default | meaning | expected |
|---|---|---|---|
${rows.join('\n')}

Relative paths start at the folder that the process was started in. Sizes count \`KiB\`, \`MiB\`, \`GiB\`, \`TiB\` in steps of 1024 and \`kB\`, \`MB\`,
\`GB\`, \`TB\` in steps of 1000.

The \`plimsoll\` command also reads:

| variable | default | meaning |
|---|---|---|
| \`PLIMSOLL_URL\` | (the running service of the data folder) | The service to talk to. |
| \`PLIMSOLL_TOKEN\` | (\`PLIMSOLL_ADMIN_TOKEN\`, then the data folder's \`admin-token\`) | The token to show it. |
`;
}
