import type { ImageConfig } from '../../model/image-config.js';
import type { FoundSecret } from '../../model/secret.js';
import type { SecretScanner } from './secret-scanner.js';

/** What stands in the place of a text that held a secret. */
export const REDACTED = '[redacted: it holds a secret]';

/**
 * Takes secrets out of an image's configuration, which is stored and served: the text that holds one is gone as a whole,
 * but for a variable's or label's name, and the first word of an instruction.
 */
export function takeConfigSecrets(
  config: ImageConfig,
  scanner: Pick<SecretScanner, 'scanText'>,
): { config: ImageConfig; secrets: FoundSecret[] } {
  const secrets: FoundSecret[] = [];
  const clean = (text: string, where: string, rest: string): string => {
    const found = scanner.scanText(text, where);
    secrets.push(...found.map((secret) => ({ ...secret, path: where, layer: null })));
    return found.length === 0 ? text : rest;
  };
  const cleanText = (text: string | null, where: string) => text && clean(text, where, REDACTED);
  // A secret and the option that names it are often two arguments.
  const cleanList = (list: string[] | null, where: string) =>
    list && clean(list.join(' '), where, '') === '' && list.length > 0 ? [REDACTED] : list;
  const redacted: ImageConfig = {
    ...config,
    author: cleanText(config.author, 'config.author'),
    env: config.env.map((entry) => {
      const name = entry.split('=', 1)[0] ?? '';
      return clean(entry, `config.Env.${name}`, `${name}=${REDACTED}`);
    }),
    entrypoint: cleanList(config.entrypoint, 'config.Entrypoint'),
    cmd: cleanList(config.cmd, 'config.Cmd'),
    labels: Object.fromEntries(
      Object.entries(config.labels).map(([name, value]) => [
        name,
        clean(`${name}=${value}`, `config.Labels.${name}`, '') === '' ? REDACTED : value,
      ]),
    ),
    healthcheck: config.healthcheck && {
      test: cleanList(config.healthcheck.test, 'config.Healthcheck') ?? [],
    },
    history: config.history.map((entry, index) => ({
      ...entry,
      comment: cleanText(entry.comment, `history.${index}`),
      createdBy: entry.createdBy && clean(entry.createdBy, `history.${index}`, instructionOf(entry.createdBy)),
    })),
  };
  return { config: redacted, secrets };
}

/** `RUN /bin/sh -c curl -u …` → `RUN [redacted …]`; what BuildKit wrote, and what builders before it did. */
function instructionOf(createdBy: string): string {
  const word = /^(?:\/bin\/sh -c #\(nop\)\s+|\|\d+ [^/]*\/bin\/sh -c #\(nop\)\s+)?([A-Z]{2,12})\s/.exec(createdBy)?.[1];
  return word ? `${word} ${REDACTED}` : REDACTED;
}
