import { rollingFeed } from './rolling-feed.js';

export const wolfiFeed = rollingFeed({
  name: 'wolfi',
  publicUrl: 'https://packages.wolfi.dev/os/',
  ecosystem: 'Wolfi',
  prefix: 'WOLFI',
});
