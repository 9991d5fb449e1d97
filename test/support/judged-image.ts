import { judgeControls } from '../../src/engine/control/control.js';
import { IMAGE_CONTROLS } from '../../src/engine/control/image/image-controls.js';
import { imageNameOf } from '../../src/engine/control/image/image-name.js';
import type { ImageSubject } from '../../src/engine/control/image/image-subject.js';
import type { ControlResult, ControlStatus } from '../../src/model/control.js';
import type { CoverageItem } from '../../src/model/coverage.js';
import type { ImageConfig } from '../../src/model/image-config.js';
import type { FileNote, ImageFileFacts } from '../../src/model/inventory.js';
import type { Package } from '../../src/model/package.js';
import { SILENT_CONFIG } from './image-config.js';

export const NOW = new Date('2026-11-24T12:00:00Z');
export const LAYER = 'sha256:aa';

export const CONFIG: ImageConfig = {
  ...SILENT_CONFIG,
  os: 'linux',
  created: '2026-11-01T00:00:00Z',
  user: '10001',
  env: ['PATH=/usr/bin'],
  exposedPorts: ['8080/tcp'],
  healthcheck: { test: ['CMD-SHELL', 'true'] },
  history: steps(
    '/bin/sh -c #(nop) ADD file:0a in / ',
    'RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit',
    'COPY . /app # buildkit',
  ),
};

/** Of an image that every control passes, or need not judge. */
export const IMAGE: ImageFileFacts = {
  config: CONFIG,
  notes: [note('/etc/shadow', ['password_hashes'], 0o640)],
  accounts: [
    { name: 'root', uid: 0, passwordless: false },
    { name: 'app', uid: 1000, passwordless: false },
    { name: 'toor', uid: 0, passwordless: false },
  ].slice(0, 2),
  packageCaches: [],
  secrets: [],
};

export function steps(...texts: (string | null)[]): ImageConfig['history'] {
  return texts.map((createdBy) => ({
    created: null,
    createdBy,
    comment: null,
    emptyLayer: !/^(RUN|COPY|ADD|\||\/bin\/sh -c (?!#)|\/bin\/sh -c #\(nop\) ADD)/.test(createdBy ?? ''),
  }));
}

export function note(path: string, traits: FileNote['traits'], mode = 0o755, removed = false): FileNote {
  return { path, type: 'file', mode, uid: 0, gid: 0, size: 10, traits, layer: LAYER, removed };
}

export function system(name: string): Package {
  const purl = `pkg:deb/debian/${name}@1`;
  const locations = [{ path: '/var/lib/dpkg/status', layer: LAYER }];
  const found = {
    type: 'deb' as const,
    name,
    version: '1',
    source: null,
    architecture: null,
    licenses: [],
    module: null,
  };
  return { ...found, purl, ecosystem: 'Debian:12', locations };
}

export function subject(image: Partial<ImageFileFacts> | null, more: Partial<ImageSubject> = {}): ImageSubject {
  return {
    inventory: {
      distribution: null,
      packages: [system('bash')],
      image: image && { ...IMAGE, ...image },
      gaps: [],
    },
    name: null,
    now: NOW,
    trustedRegistries: ['docker.io', 'ghcr.io/team'],
    maxAgeDays: 90,
    support: {
      status: 'supported',
      release: 'Debian 12',
      product: 'debian',
      cycle: '12',
      endedOn: null,
      canBeBought: false,
      reason: 'Debian 12 is supported.',
    },
    unpatched: [],
    unmatched: null,
    ...more,
  };
}

export function judge(of: ImageSubject, gaps: CoverageItem[] = []): ControlResult[] {
  return judgeControls(IMAGE_CONTROLS, of, gaps, (id, error) => {
    throw new Error(`${id} threw`, { cause: error });
  });
}

export function resultOf(id: string, of: ImageSubject, gaps: CoverageItem[] = []): ControlResult {
  const result = judge(of, gaps).find((one) => one.id === id);
  if (!result) throw new Error(`no control ${id}`);
  return result;
}

export const config = (more: Partial<ImageConfig>, accounts = IMAGE.accounts) =>
  subject({ config: { ...CONFIG, ...more }, accounts });
export const history = (...texts: (string | null)[]) => config({ history: steps(...texts) });
export const notes = (...list: FileNote[]) => subject({ notes: list });
export const named = (
  reference: string,
  trustedRegistries: string[] | null = ['docker.io', 'ghcr.io/team', '*.corp.example'],
) => subject({}, { name: imageNameOf(reference), trustedRegistries });

/** A control's id, what is judged, what it says, and what it shows: `resource path value`. */
export type Row = [id: string, what: string, of: ImageSubject, status: ControlStatus, evidence?: string[]];

export const ROOT = [{ name: 'root', uid: 0, passwordless: false }];
