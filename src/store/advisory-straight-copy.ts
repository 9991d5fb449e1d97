import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { QueryRunner } from 'typeorm';
import { ADVISORY_COLUMNS, type CopyChunk, PACKAGE_COLUMNS } from './advisory-copy.js';

/** SQLSTATE unique_violation */
const DUPLICATE = '23505';

/**
 * Copies records straight to where they belong: half of the work of comparing them with what is there first, and right
 * only for records of which there is none yet.
 *
 * @returns false when one of them is there, or comes twice: then nothing of the chunk was kept
 */
export async function copyStraight(runner: QueryRunner, client: PoolClient, chunk: CopyChunk): Promise<boolean> {
  await runner.query('SAVEPOINT chunk');
  try {
    await copyLines(client, `advisory (${ADVISORY_COLUMNS})`, chunk.advisories);
    await copyLines(client, `affected_package (${PACKAGE_COLUMNS})`, chunk.packages);
    await runner.query('RELEASE SAVEPOINT chunk');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== DUPLICATE) throw error;
    await runner.query('ROLLBACK TO SAVEPOINT chunk; RELEASE SAVEPOINT chunk');
    return false;
  }
}

/** @param into a table with its columns */
export async function copyLines(client: PoolClient, into: string, lines: readonly Uint8Array[]): Promise<void> {
  await pipeline(Readable.from(lines), client.query(copyFrom(`COPY ${into} FROM STDIN`)));
}
