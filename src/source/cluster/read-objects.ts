import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { SecretScanner } from '../../engine/secret/secret-scanner.js';
import type { ClusterFacts } from '../../model/cluster/cluster-facts.js';
import { PlimsollError } from '../../model/error.js';
import { Blob } from '../archive/blob.js';
import { BoundedPieces } from '../archive/read-whole.js';
import { absentInManifests, absentInSnapshot } from './absent-lists.js';
import { type ClusterFile, clusterFiles } from './cluster-files.js';
import { FactsBuilder } from './facts-builder.js';
import { mayBeClusterFacts, readClusterFacts } from './facts-file.js';
import { eachPiece } from './file-bytes.js';
import { JsonObjects } from './json-objects.js';
import { ClusterRedaction } from './object/cluster-redaction.js';
import type { Raw } from './object/fields.js';
import { readKindOf } from './object/read-kinds.js';
import { headOf, isServed, kindOfFile, listOf, placeless } from './object-list.js';
import { readYaml, withKindOf } from './yaml-objects.js';

/** Uncompressed bytes of all files together: 30 times a cluster of 5,000 pods. */
const MAX_BYTES = 2 * 1024 * 1024 * 1024;

/** YAML takes some thirty times its size while it is parsed, bytes. */
const MAX_YAML = 64 * 1024 * 1024;

/** Uncompressed bytes of a facts file: of a cluster with 5,000 pods it has a fifth of it. */
const MAX_FACTS = 128 * 1024 * 1024;

export interface ClusterFilesTask {
  /** Resolved and allowed. */
  path: string;
  /** As messages call it. */
  name: string;
  /** What it is; null where its content tells. */
  form: 'snapshot' | 'manifests' | null;
  now: Date;
}

/**
 * Reads the facts of a cluster from files: manifests, what `kubectl get -o json` printed, or a facts file. It blocks: it is
 * for a thread.
 *
 * @throws PlimsollError `facts_invalid` where there is no object at all, `path_not_readable`, `limit_exceeded`, `archive_corrupt`,
 *   `archive_truncated`
 */
export async function readClusterFiles(task: ClusterFilesTask): Promise<ClusterFacts> {
  const root = realpathSync(task.path);
  const { files, faults } = clusterFiles(root);
  const reader = new ObjectReader(task);
  for (const fault of faults) reader.builder.gapOfAll(fault);
  for (const file of files) {
    const facts = await reader.read(file, files.length === 1);
    if (facts !== null) return facts;
  }
  return reader.finish();
}

class ObjectReader {
  readonly builder = new FactsBuilder(new ClusterRedaction(new SecretScanner(randomBytes(32))));
  private bytes = 0;
  private hasLists = false;

  constructor(private readonly task: ClusterFilesTask) {}

  /** @returns facts where the only file is a facts file */
  async read(file: ClusterFile, isOnly: boolean): Promise<ClusterFacts | null> {
    // An upload has no name of its own.
    const name = this.task.form === null ? this.task.name : file.name;
    const blob = await Blob.ofFile(file.path, name);
    if (blob === null) {
      this.builder.gapOfAll(`${name}: it is not there any more.`);
      return null;
    }
    try {
      return await this.readBlob(blob, { ...file, name }, isOnly);
    } catch (error) {
      if (!(error instanceof PlimsollError) || isOnly) throw error;
      this.builder.gapOfAll(`${name}: ${error.message}`);
      return null;
    }
  }

  finish(): ClusterFacts {
    const { name, form, now } = this.task;
    if (!this.builder.hasObjects && !this.hasLists) {
      const { firstFault } = this.builder;
      const message = `${name} has no Kubernetes objects: expected manifests as YAML or JSON, or what kubectl get -o json printed.${firstFault === null ? '' : ` ${firstFault}`}`;
      throw new PlimsollError('facts_invalid', message);
    }
    const isSnapshot = form === 'snapshot' || (form === null && this.builder.hasServed);
    const unasked = (what: string) => {
      const reason = `${isSnapshot ? 'A snapshot of objects does' : 'Manifests do'} not tell ${what}: plimsoll collect cluster asks for it.`;
      return { known: false as const, code: 'not_collected' as const, reason };
    };
    return this.builder.finish({
      collectedBy: isSnapshot ? 'snapshot' : 'manifests',
      now,
      server: unasked('the version of the API server'),
      kubelets: unasked('how kubelets are configured'),
      absent: isSnapshot ? absentInSnapshot : absentInManifests,
    });
  }

  private async readBlob(blob: Blob, file: ClusterFile, isOnly: boolean): Promise<ClusterFacts | null> {
    let reading: Reading | null = null;
    let start: Buffer = Buffer.alloc(0);
    const take = (piece: Buffer) => {
      this.bytes += piece.length;
      if (this.bytes > MAX_BYTES) {
        const message = `${this.task.name} has more than ${MAX_BYTES} bytes of objects, over the limit for a cluster.`;
        throw new PlimsollError('limit_exceeded', message);
      }
      if (reading === null) {
        start = start.length === 0 ? Buffer.from(piece) : Buffer.concat([start, piece]);
        // Blanks alone do not tell what follows.
        if (start.length < 512 && !/\S/.test(start.toString('utf8').replace(/^\uFEFF/, ''))) return;
        reading = this.reading(start, file, isOnly);
        reading.write(start);
      } else reading.write(piece);
    };
    await eachPiece(blob, take);
    return (reading as Reading | null)?.end() ?? null;
  }

  private reading(start: Buffer, file: ClusterFile, isOnly: boolean): Reading {
    if (isOnly && this.task.form !== 'manifests' && mayBeClusterFacts(start)) {
      const content = new BoundedPieces(file.name, MAX_FACTS, 'a facts file');
      return { write: (piece) => content.add(piece), end: () => readClusterFacts(content.whole(), this.task.name) };
    }
    const isJson =
      /^(?:\uFEFF)?\s*[{[]/.test(start.toString('utf8', 0, 1024)) && !/^\s*\{\{/.test(start.toString('utf8', 0, 1024));
    return isJson ? this.readingJson(file) : this.readingYaml(file);
  }

  private readingYaml(file: ClusterFile): Reading {
    const content = new BoundedPieces(file.name, MAX_YAML, 'YAML: give it as JSON');
    return {
      write: (piece) => content.add(piece),
      end: () => {
        const text = content
          .whole()
          .toString('utf8')
          .replace(/^\uFEFF/, '');
        readYaml(text, {
          object: (value, line) => this.add(value, file, line),
          fault: (message, line, column) =>
            this.builder.gapOfAll(`${file.name}:${line}:${column}: ${message.replace(/\.$/, '')}.`),
        });
        return null;
      },
    };
  }

  private readingJson(file: ClusterFile): Reading {
    const fault = (message: string, line: number) => this.builder.gapOfAll(`${file.name}:${line}: ${message}.`);
    const parse = (bytes: Buffer, line: number): Raw | undefined => {
      try {
        return JSON.parse(bytes.toString('utf8')) as Raw;
      } catch (error) {
        fault(`it is no JSON, and was not read: ${placeless(error)}`, line);
        return undefined;
      }
    };
    let head: { bytes: Buffer; list: { [key: string]: Raw } } | null = null;
    const ofHead = (bytes: Buffer): { [key: string]: Raw } => {
      if (head?.bytes !== bytes) head = { bytes, list: headOf(bytes) };
      return head.list;
    };
    const objects = new JsonObjects({
      object: (bytes, line) => {
        const value = parse(bytes, line);
        if (value !== undefined) this.addList(value, file, line);
      },
      item: (bytes, line, list) => {
        const value = parse(bytes, line);
        if (value === undefined) return;
        this.addList(list === null ? value : withKindOf(value, ofHead(list)), file, line);
      },
      fault,
    });
    return {
      write: (piece) => objects.write(piece),
      end: () => {
        objects.end();
        return null;
      },
    };
  }

  /** An object; or a list, whose items are given within or were given before. */
  private addList(value: Raw, file: ClusterFile, line: number): void {
    const list = listOf(value);
    if (list === null) {
      this.add(value, file, line);
      return;
    }
    this.hasLists = true;
    const { apiVersion } = list.value;
    const read = typeof apiVersion === 'string' ? readKindOf(apiVersion, list.kind) : null;
    const named = read ?? kindOfFile(file.name);
    if (named !== null) this.builder.sawKind(named);
    for (const item of list.items) this.add(withKindOf(item, list.value), file, line);
  }

  private add(value: Raw, file: ClusterFile, line: number): void {
    this.builder.add(value, this.task.form === 'snapshot' || isServed(value) ? null : `${file.name}:${line}`);
  }
}

/** What takes one file. */
interface Reading {
  /** @param piece valid only during the call */
  write(piece: Buffer): void;
  end(): ClusterFacts | null;
}
