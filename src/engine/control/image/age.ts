import { fail, pass, undetermined } from '../control.js';
import { type ImageControl, onConfig } from './image-subject.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Reproducible builds write a fixed time, mostly the beginning of an epoch: none of them is a time of building. */
const FIRST_IMAGES = Date.UTC(2013, 0);

export const AGE_CONTROLS: ImageControl[] = [
  {
    id: 'recent-image',
    title: 'The image was built lately',
    problem: 'The image was built long ago',
    severity: 'low',
    looksAt: 'the time of creation in the configuration, against `PLIMSOLL_MAX_IMAGE_AGE_DAYS`',
    remediation:
      'Build the image anew, from a current base image and without the build cache, so that it gets what was fixed since.',
    opens: 'misconfiguration',
    restsOn: ['created'],
    judge: onConfig(({ created }, { now, maxAgeDays }) => {
      const time = created === null ? Number.NaN : Date.parse(created);
      if (Number.isNaN(time)) return undetermined('The image does not say when it was built.');
      const day = new Date(time).toISOString().slice(0, 10);
      if (time < FIRST_IMAGES)
        return undetermined(`The image says that it was built on ${day}, as reproducible builds do.`);
      if (time > now.getTime() + DAY_MS)
        return undetermined(`The image says that it was built on ${day}, which is yet to come.`);
      if (now.getTime() - time <= maxAgeDays * DAY_MS) return pass(`The image was built on ${day}.`);
      return fail(`The image was built on ${day}, more than ${maxAgeDays} days ago.`, [
        { resource: 'created', path: null, value: day },
      ]);
    }),
  },
];
