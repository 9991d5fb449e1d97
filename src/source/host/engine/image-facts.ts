import type { z } from 'zod';
import type { EngineImage } from '../../../model/host/engine.js';
import { imageIdOf } from './container-facts.js';
import type { imageAnswer, imageListAnswer } from './engine-answers.js';

type ListedImage = z.output<typeof imageListAnswer>[number];
type Image = z.output<typeof imageAnswer>;

/** @param inspected null for one that was not looked at by itself */
export function imageFacts(listed: ListedImage, inspected: Image | null): EngineImage {
  const [test = ''] = inspected?.Config.Healthcheck.length
    ? inspected.Config.Healthcheck
    : (inspected?.HealthCheck ?? []);
  return {
    id: imageIdOf(listed.Id),
    // Older engines write of an image without a name that it is called `<none>:<none>`.
    tags: listed.RepoTags.filter((tag) => !tag.startsWith('<none>')).sort(),
    digests: listed.RepoDigests.filter((digest) => !digest.startsWith('<none>')).sort(),
    createdAt: dateOf(listed.Created),
    size: listed.Size,
    user: inspected?.Config.User ?? '',
    hasHealthcheck: test !== '' && test !== 'NONE',
  };
}

/** @param seconds since 1970; of images built to be reproducible often 0, or before it */
function dateOf(seconds: number): string | null {
  const date = new Date(seconds * 1000);
  return seconds > 0 && !Number.isNaN(date.getTime()) ? date.toISOString() : null;
}
