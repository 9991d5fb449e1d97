import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, FeedServer } from '../../test/support/feed-server.js';
import { Website } from './website.js';

describe('a server that hangs', () => {
  let server: FeedServer;
  beforeEach(async () => {
    server = await FeedServer.start();
  });
  afterEach(() => server.close());

  const silent: Answer = () => {};
  const midway: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
  };
  it.each([
    ['before it answers', silent],
    ['in the middle of a file', midway],
  ])('%s is asked once more, and given up', async (_, answer) => {
    server.files.set('/file', answer);
    const website = new Website(server.url, { what: 'a feed', variable: 'X', retryDelayMs: 1, stallMs: 100 });
    const getting = website.get('file', { maxBytes: 1000, signal: new AbortController().signal }, async ({ body }) => {
      for await (const _chunk of body);
    });
    await expect(getting).rejects.toMatchObject({
      code: 'feed_source_unreachable',
      message: expect.stringContaining('no byte for 0.1 s (tried 2 times)'),
    });
    expect(server.asked).toHaveLength(2);
  });
});
