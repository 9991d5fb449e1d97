import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../../model/error.js';
import type { FeedFiles } from '../feed-plugin.js';
import { alpineFeed } from './alpine-feed.js';

const files = (folders: Record<string, string>) => {
  const source: FeedFiles = {
    text: async (path) => {
      const text = folders[path];
      if (text === undefined) throw new PlimsollError('feed_source_invalid', `no ${path}`);
      return text;
    },
    bytes: async () => Buffer.alloc(0),
  };
  return alpineFeed.files(source, new AbortController().signal);
};

const page = (...targets: string[]) =>
  `<html><h1>Index of /</h1><pre>${targets.map((target) => `<a href="${target}">${target}</a>  24-Nov-2026 10:00  -`).join('\n')}</pre></html>`;

describe('the releases', () => {
  it('are those that the index page links to, with the files that are there', async () => {
    const found = await files({
      '': page('../', 'edge/', 'v3.2/', 'v3.19/', 'last-update', 'license.txt', 'https://elsewhere.example/v3.1/'),
      'edge/': page('../', 'community.json', 'community.yaml', 'main.json', 'main.yaml'),
      'v3.2/': page('../', 'main.json'),
      'v3.19/': page('../', 'community.json', 'main.json'),
    });
    expect(found.map(({ part, path }) => [part, path])).toEqual([
      ['edge/main', 'edge/main.json'],
      ['edge/community', 'edge/community.json'],
      ['v3.2/main', 'v3.2/main.json'],
      ['v3.19/main', 'v3.19/main.json'],
      ['v3.19/community', 'v3.19/community.json'],
    ]);
  });

  it('are the folders of a mirror, which may have YAML', async () => {
    const found = await files({
      '': 'README.md\nv3.9/\nv3.10/\n',
      'v3.9/': 'main.yaml\ncommunity.yaml\n',
      'v3.10/': 'main.yaml\nmain.json\n',
    });
    expect(found.map(({ path }) => path)).toEqual(['v3.9/main.yaml', 'v3.9/community.yaml', 'v3.10/main.json']);
  });

  it.each([
    ['names none', { '': page('../', 'x/') }],
    ['names one that is empty', { '': 'v3.9/\n', 'v3.9/': 'README\n' }],
    ['names odd ones', { '': page('v3.9%2f..', '/v3.9/', 'v3.9/../', '../v3.9/', 'V3.9/') }],
    ['is not there', {}],
  ])('are an error where the index %s', async (_, folders) => {
    await expect(files(folders)).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });
});
