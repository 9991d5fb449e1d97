import type { Evidence } from '../../../model/control.js';
import type { ImageConfig } from '../../../model/image-config.js';
import { counted, failIfAny, notApplicable, undetermined } from '../control.js';
import { type ImageControl, isRedacted, onConfig, resourceOf } from './image-subject.js';
import { type Instruction, instructionsOf } from './instruction.js';
import { isLiteral, isSecretName } from './secret-name.js';
import { assignedSecrets, writtenSecrets } from './written-secret.js';

/** Evidence names what is secret and where; never the value. */
export const SECRET_CONTROLS: ImageControl[] = [
  {
    id: 'no-secrets-in-environment',
    title: 'The image sets no secret as an environment variable',
    problem: 'The image sets a secret as an environment variable',
    severity: 'critical',
    looksAt:
      'variables of `Env` whose name says that they are secret (`DB_PASSWORD`, `API_KEY`) and that have a literal value, or whose value is known for a secret',
    remediation:
      'Remove the variable from the build file, replace the secret, as everyone with the image has it, and give it to the container when it runs.',
    opens: 'misconfiguration',
    restsOn: ['env'],
    judge: onConfig((config) =>
      failIfAny(
        secretVariables(config).map((name) => ({ resource: `ENV ${name}`, path: null, value: null })),
        (count) =>
          `${counted(count, 'variable')} that by name ${count === 1 ? 'is' : 'are'} secret ${count === 1 ? 'has' : 'have'} a value.`,
        'No variable that by its name is secret has a value.',
      ),
    ),
  },
  {
    id: 'no-secrets-in-build-history',
    title: 'The build left no secret in the image’s history',
    problem: 'The build left a secret in the image’s history',
    severity: 'critical',
    looksAt:
      'build arguments, ARG and ENV instructions, options (`--password=…`), assignments and URLs with a password in the history, by name and with a literal value; and what is known for a secret',
    remediation:
      'Give secrets to a build with RUN --mount=type=secret, replace the secret, as everyone with the image has it, and build the image anew.',
    opens: 'misconfiguration',
    restsOn: ['history'],
    judge: onConfig((config) => {
      const isSet = new Set(secretVariables(config));
      return failIfAny(
        instructionsOf(config).flatMap((step) => secretsOf(step, isSet)),
        (count) => `${counted(count, 'secret')} ${count === 1 ? 'stands' : 'stand'} in the history of the build.`,
        'Nothing in the history is by its name a secret.',
      );
    }),
  },
  {
    id: 'no-secrets-in-files',
    title: 'No file of any layer holds a secret',
    problem: 'Files hold secrets',
    severity: 'critical',
    looksAt: 'what the search for secrets found in the content of files, in each layer',
    remediation:
      'Keep the secret out of the build (.dockerignore, RUN --mount=type=secret), replace it, as everyone with the image has it, and build the image anew.',
    // Each secret is a finding already.
    opens: null,
    restsOn: ['secrets'],
    judge: ({ inventory }) => {
      if (inventory.image === null) return notApplicable('The target was read without its files.');
      if (inventory.image.secrets === null) return undetermined('The scan was told not to look for secrets.');
      return failIfAny(
        inventory.image.secrets
          // The others are in the configuration.
          .filter(({ path }) => path.startsWith('/'))
          .map(({ path, line, ruleId, layer }) => ({ resource: layer, path, value: `${ruleId}, line ${line}` })),
        (count) => `${counted(count, 'secret')} ${count === 1 ? 'was' : 'were'} found in files.`,
        'No secret was found in files.',
      );
    },
  },
];

function secretVariables({ env }: ImageConfig): string[] {
  return env.flatMap((variable) => {
    const equals = variable.indexOf('=');
    const name = variable.slice(0, equals);
    const value = variable.slice(equals + 1);
    return equals > 0 && (isRedacted(value) || (isSecretName(name) && isLiteral(value))) ? [name] : [];
  });
}

/** @param isSet variables that the other control tells of already */
function secretsOf(step: Instruction, isSet: ReadonlySet<string>): Evidence[] {
  const assigned = assignedSecrets(step).filter(({ name }) => step.keyword !== 'ENV' || !isSet.has(name));
  const names = assigned.map(({ name }) => name);
  if (isRedacted(step.text) && (step.keyword !== 'ENV' || isSet.size === 0)) names.push('a secret');
  if (step.keyword !== 'ENV') names.push(...writtenSecrets(step.text).map(({ name }) => name));
  return [...new Set(names)].map((name) => ({ resource: resourceOf(step), path: null, value: name }));
}
