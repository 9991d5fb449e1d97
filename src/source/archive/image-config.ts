import type { CoverageItem } from '../../model/coverage.js';
import type { ImageConfig } from '../../model/image-config.js';

/** Characters of one text, and entries of one list: more than any image has. */
const MAX_TEXT = 64 * 1024;
const MAX_ENTRIES = 4_000;

export interface ReadConfig {
  config: ImageConfig;
  gaps: CoverageItem[];
}

/**
 * Reads what an image's configuration says of its build and its containers (OCI image specification, "Image
 * Configuration"; `Healthcheck` and `Shell` are Docker's). Whoever built the image wrote it: a field of another type is
 * left out, and one gap for each field says so.
 *
 * @param document a JSON object
 * @param name as messages call it
 */
export function readImageConfig(document: unknown, name: string): ReadConfig {
  const fields = new ConfigFields(name);
  const image = fields.object(document, 'the configuration');
  const run = fields.object(image.get('config'), 'config');
  const config: ImageConfig = {
    architecture: fields.text(image.get('architecture'), 'architecture'),
    os: fields.text(image.get('os'), 'os'),
    variant: fields.text(image.get('variant'), 'variant'),
    created: fields.text(image.get('created'), 'created'),
    author: fields.text(image.get('author'), 'author'),
    user: fields.text(run.get('user'), 'config.User') ?? '',
    env: fields.list(run.get('env'), 'config.Env') ?? [],
    exposedPorts: fields.keys(run.get('exposedports'), 'config.ExposedPorts'),
    volumes: fields.keys(run.get('volumes'), 'config.Volumes'),
    entrypoint: fields.command(run.get('entrypoint'), 'config.Entrypoint'),
    cmd: fields.command(run.get('cmd'), 'config.Cmd'),
    workingDir: fields.text(run.get('workingdir'), 'config.WorkingDir') ?? '',
    labels: fields.texts(run.get('labels'), 'config.Labels'),
    stopSignal: fields.text(run.get('stopsignal'), 'config.StopSignal'),
    shell: fields.command(run.get('shell'), 'config.Shell'),
    healthcheck: healthcheck(fields, run.get('healthcheck')),
    diffIds: fields.list(fields.object(image.get('rootfs'), 'rootfs').get('diff_ids'), 'rootfs.diff_ids') ?? [],
    history: history(fields, image.get('history')),
  };
  return { config, gaps: fields.gaps };
}

/** Without a test, or with an empty one, the check of the base image goes on: nothing is said. */
function healthcheck(fields: ConfigFields, value: unknown): ImageConfig['healthcheck'] {
  const where = 'config.Healthcheck';
  const test = fields.command(fields.object(value, where).get('test'), `${where}.Test`);
  return test === null || test.length === 0 ? null : { test };
}

/** An entry that is none keeps its place, as each belongs to a layer by its number. */
function history(fields: ConfigFields, value: unknown): ImageConfig['history'] {
  return fields.entries(value, 'history').map((item) => {
    const entry = fields.object(item, 'history');
    return {
      created: fields.text(entry.get('created'), 'history.created'),
      createdBy: fields.text(entry.get('created_by'), 'history.created_by'),
      comment: fields.text(entry.get('comment'), 'history.comment'),
      emptyLayer: fields.flag(entry.get('empty_layer'), 'history.empty_layer'),
    };
  });
}

/** Takes values by the type that each should have. Null is absent, as it is for container engines. */
class ConfigFields {
  private readonly found = new Map<string, CoverageItem>();

  constructor(private readonly name: string) {}

  get gaps(): CoverageItem[] {
    return [...this.found.values()];
  }

  /** By name in lower case: Go, in which the engines are written, reads `user` for `User`, and the last of two counts. */
  object(value: unknown, where: string): ReadonlyMap<string, unknown> {
    return new Map(this.members(value, where).map(([key, member]) => [key.toLowerCase(), member]));
  }

  text(value: unknown, where: string): string | null {
    if (value === undefined || value === null) return null;
    if (typeof value === 'string') return this.bounded(value, where);
    return this.skip(where, 'a text', null);
  }

  flag(value: unknown, where: string): boolean {
    if (value === undefined || value === null) return false;
    return typeof value === 'boolean' ? value : this.skip(where, 'true or false', false);
  }

  entries(value: unknown, where: string): unknown[] {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) return this.skip(where, 'a list', []);
    if (value.length > MAX_ENTRIES) this.skip(where, `at most ${MAX_ENTRIES} entries`, null);
    return value.slice(0, MAX_ENTRIES);
  }

  list(value: unknown, where: string): string[] | null {
    if (value === undefined || value === null) return null;
    return this.entries(value, where).flatMap((item) => this.text(item ?? '', where) ?? []);
  }

  /** Old engines wrote one text where a list is meant. */
  command(value: unknown, where: string): string[] | null {
    return typeof value === 'string' ? [this.bounded(value, where)] : this.list(value, where);
  }

  /** A set, which Go writes as an object with empty values. */
  keys(value: unknown, where: string): string[] {
    return this.members(value, where).map(([key]) => this.bounded(key, where));
  }

  texts(value: unknown, where: string): Record<string, string> {
    const texts = this.members(value, where).flatMap(([key, member]) => {
      const text = this.text(member ?? '', where);
      return text === null ? [] : [[this.bounded(key, where), text]];
    });
    return Object.fromEntries(texts);
  }

  private members(value: unknown, where: string): [string, unknown][] {
    if (value === undefined || value === null) return [];
    if (typeof value !== 'object' || Array.isArray(value)) return this.skip(where, 'an object', []);
    const members = Object.entries(value);
    if (members.length > MAX_ENTRIES) this.skip(where, `at most ${MAX_ENTRIES} entries`, null);
    return members.slice(0, MAX_ENTRIES);
  }

  /** Without halves of surrogate pairs, which JSON allows, and whoever makes a digest of facts does not (RFC 8785 §3.2.2.2). */
  private bounded(text: string, where: string): string {
    if (text.length <= MAX_TEXT) return text.toWellFormed();
    return this.skip(where, `texts of at most ${MAX_TEXT} characters`, text.slice(0, MAX_TEXT).toWellFormed());
  }

  private skip<T>(where: string, expected: string, instead: T): T {
    const message = `${where} of ${this.name} is not what an image has there: expected ${expected}. What is otherwise was left out.`;
    this.found.set(where, { code: 'config_unreadable', subject: where, message });
    return instead;
  }
}
