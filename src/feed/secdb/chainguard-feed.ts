import { rollingFeed } from './rolling-feed.js';

export const chainguardFeed = rollingFeed({
  name: 'chainguard',
  publicUrl: 'https://packages.cgr.dev/chainguard/',
  ecosystem: 'Chainguard',
  prefix: 'CHAINGUARD',
});
