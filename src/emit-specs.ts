import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { stringify } from 'yaml';
import { CONTROLLERS } from './api/controllers.js';
import { RESOLVERS } from './api/graphql/resolvers.js';
import { openApiDocument } from './api/openapi.js';
import { configurationSection } from './config/config-docs.js';
import { controlsDocument } from './engine/control/control-docs.js';

/*
 * Writes openapi.yaml, schema.graphql, docs/controls.md and the README's table of variables; with --check, fails when they
 * differ from what the code says. Needs neither database nor queue: the API's documents are made from the classes alone, so what the controllers
 * would be given can be left empty.
 */

const dependencies = CONTROLLERS.flatMap((controller): Type[] => Reflect.getMetadata('design:paramtypes', controller));

@Module({ controllers: CONTROLLERS, providers: dependencies.map((provide) => ({ provide, useValue: null })) })
class ControllersOnly {}

async function openApi(): Promise<string> {
  const app = await NestFactory.create(ControllersOnly, new FastifyAdapter(), {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
  // No anchors: tools that read the file know none. A line is as long as its text.
  return stringify(openApiDocument(app), { aliasDuplicateObjects: false, lineWidth: 0 });
}

async function graphql(): Promise<string> {
  const context = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: ['error'] });
  const schema = await context.get(GraphQLSchemaFactory).create(RESOLVERS);
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

async function readme(): Promise<string> {
  const text = await readFile('README.md', 'utf8');
  const section = /(<!-- configuration: .*? -->\n).*(<!-- end of configuration -->)/s;
  return text.replace(section, (_all, begin: string, end: string) => `${begin}\n${configurationSection()}\n${end}`);
}

/** Where the file differs from what it should be; null when it does not. */
async function difference(path: string, expected: string): Promise<string | null> {
  const actual = await readFile(path, 'utf8').catch(() => '');
  if (actual === expected) return null;
  const [have, want] = [actual.split('\n'), expected.split('\n')];
  const line = want.findIndex((text, index) => text !== have[index]);
  const at = line < 0 ? want.length : line;
  return `${path}:${at + 1}: expected ${JSON.stringify(want[at] ?? '(end of file)')}, found ${JSON.stringify(have[at] ?? '(end of file)')}`;
}

const files = {
  'openapi.yaml': await openApi(),
  'schema.graphql': await graphql(),
  'docs/controls.md': controlsDocument(),
  'README.md': await readme(),
};
if (process.argv.includes('--check')) {
  const differences = (await Promise.all(Object.entries(files).map(([path, text]) => difference(path, text)))).filter(
    (found) => found !== null,
  );
  for (const found of differences) console.error(found);
  if (differences.length > 0)
    console.error('What is generated is not current: run `npm run specs` and commit the files.');
  process.exitCode = differences.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of Object.entries(files)) await writeFile(path, text);
}
