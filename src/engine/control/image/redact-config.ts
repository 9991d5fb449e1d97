import type { ImageConfig } from '../../../model/image-config.js';
import { parseInstruction } from './instruction.js';
import { isLiteral, isSecretName } from './secret-name.js';
import { assignedSecrets, writtenSecrets } from './written-secret.js';

/** Stands for a secret. It counts as a literal, so that a control still sees that one is there. */
const REDACTED = '[redacted]';

const MAX_ROUNDS = 10;

/**
 * The configuration without the values that their names call secret: facts are stored and served, secrets are not. What
 * no name gives away stays.
 */
export function withoutSecrets(config: ImageConfig): ImageConfig {
  return {
    ...config,
    env: config.env.map(redactVariable),
    entrypoint: config.entrypoint?.map(redactText) ?? null,
    cmd: config.cmd?.map(redactText) ?? null,
    labels: Object.fromEntries(Object.entries(config.labels).map(([name, value]) => [name, redactValue(name, value)])),
    healthcheck: config.healthcheck && { test: config.healthcheck.test.map(redactText) },
    history: config.history.map((entry) => ({
      ...entry,
      createdBy: entry.createdBy === null ? null : redactStep(entry.createdBy),
      comment: entry.comment === null ? null : redactText(entry.comment),
    })),
  };
}

/** `NAME=value` of the environment. */
function redactVariable(variable: string): string {
  const equals = variable.indexOf('=');
  if (equals < 0) return variable;
  const name = variable.slice(0, equals);
  return `${name}=${redactValue(name, variable.slice(equals + 1))}`;
}

function redactValue(name: string, value: string): string {
  return isSecretName(name) && isLiteral(value) ? REDACTED : redactText(value);
}

/**
 * A step is redacted until nothing changes: what is written instead of one value may join others to a longer one. Each
 * round leaves less to be redacted; a text that needs more rounds than this was written to do so.
 */
function redactStep(createdBy: string): string {
  let text = createdBy;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const redacted = redactStepOnce(text);
    if (redacted === text) break;
    text = redacted;
  }
  return text;
}

/** A step also has values that are not quoted: those of ENV and ARG, and the build arguments that a RUN could see. */
function redactStepOnce(createdBy: string): string {
  const step = parseInstruction(createdBy);
  let text = createdBy;
  for (const { value } of step ? assignedSecrets(step) : []) text = text.replaceAll(value, () => REDACTED);
  return redactText(text);
}

function redactText(text: string): string {
  let redacted = '';
  let at = 0;
  for (const { start, end } of writtenSecrets(text)) {
    if (start < at) continue;
    redacted += `${text.slice(at, start)}${REDACTED}`;
    at = end;
  }
  // A value may end in the middle of a character, where the limit of its length is.
  return (redacted + text.slice(at)).toWellFormed();
}
