import { describe, expect, it } from 'vitest';
import { resultOf, withEngine } from '../../../../../test/support/docker-judging.js';
import { container, engine, knownFact } from '../../../../../test/support/host-facts.js';
import type { ControlStatus } from '../../../../model/control.js';
import type { Container, EngineImage } from '../../../../model/host/engine.js';
import type { HostFacts } from '../../../../model/host/host-facts.js';

const image = (id: string, ...tags: string[]): EngineImage => ({
  id,
  tags,
  digests: [],
  createdAt: null,
  size: 1,
  user: '',
  hasHealthcheck: false,
});
const host = (status: Container['status'], ...images: EngineImage[]) =>
  withEngine({ ...engine([container('web', { imageId: 'sha256:00', status })], []), images });

const unread = {
  engine: knownFact({ ...engine([], []), images: [image('sha256:00')] }, 'Container web could not be read.'),
};

describe('what is on a host and not used', () => {
  it.each<[string, Partial<HostFacts>, ControlStatus]>([
    ['images-in-use', host('running', image('sha256:00')), 'pass'],
    ['images-in-use', host('exited', image('sha256:00')), 'pass'],
    ['images-in-use', host('running', image('sha256:00'), image('sha256:01', 'old:1')), 'manual'],
    ['images-in-use', host('running', image('sha256:00'), image('sha256:01')), 'fail'],
    ['images-in-use', unread, 'undetermined'],
    ['containers-in-use', host('running'), 'pass'],
    ['containers-in-use', host('exited'), 'manual'],
    ['containers-in-use', host('dead'), 'fail'],
  ])('%s of %j: %s', (id, facts, status) => {
    expect(resultOf(id, facts).status).toBe(status);
  });
});
