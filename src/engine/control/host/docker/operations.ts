import { parseImageName } from '../../../../model/image-name.js';
import { isWhole } from '../../../host/host-inventory.js';
import { counted, fail, manual, pass } from '../../control.js';
import { isOfRegistry } from '../../trusted-registry.js';
import { type HostControl, known } from '../host-subject.js';
import { eachContainer, noneRuns, running } from './each-container.js';

const JUDGED_BY_PERSON = { opens: null, restsOn: ['engine'], severity: 'low' } satisfies Partial<HostControl>;
/** More than this is listed by its number. */
const LISTED = 50;

/** What is on the host that nobody uses: CIS Docker, section 6; and images as they are used, section 4. */
export const OPERATION_CONTROLS: HostControl[] = [
  {
    ...JUDGED_BY_PERSON,
    id: 'images-in-use',
    title: 'Only images that are used are on the host',
    problem: 'Images that are not used are on the host',
    looksAt: 'images that no container is made from; those that have no name either are of no use',
    remediation: 'docker image prune --all',
    judge: ({ facts }) => {
      const { images, containers } = known(facts.engine);
      const used = new Set(containers.map(({ imageId }) => imageId));
      const unused = images.filter(({ id }) => !used.has(id));
      if (unused.length === 0) return pass(`Each of ${counted(images.length, 'image')} is used by a container.`);
      const nameless = unused.filter(({ tags, digests }) => tags.length === 0 && digests.length === 0);
      // What could not be read may use them.
      const isSure = nameless.length > 0 && isWhole(facts.engine);
      const judgedAs = isSure ? fail : manual;
      return judgedAs(
        `${unused.length} of ${counted(images.length, 'image')} are used by no container, ${nameless.length} of them have no name either.`,
        unused
          .slice(0, LISTED)
          .map(({ id, tags }) => ({ resource: `image/${tags[0] ?? id}`, path: null, value: 'not used' })),
      );
    },
  },
  {
    ...JUDGED_BY_PERSON,
    id: 'containers-in-use',
    title: 'Only containers that are used are on the host',
    problem: 'Containers that do not run are on the host',
    looksAt: 'containers that do not run; those that are dead can never run again',
    remediation: 'docker container prune',
    judge: (subject) => {
      const engine = known(subject.facts.engine);
      const stopped = engine.containers.filter((container) => !running(engine).includes(container));
      if (stopped.length === 0) return pass(`${counted(engine.containers.length, 'container')}, and all run.`);
      const judgedAs = stopped.some(({ status }) => status === 'dead') ? fail : manual;
      return judgedAs(
        `${stopped.length} of ${counted(engine.containers.length, 'container')} do not run.`,
        stopped
          .slice(0, LISTED)
          .map(({ name, status }) => ({ resource: `container/${name}`, path: null, value: status })),
      );
    },
  },
  {
    id: 'images-have-healthcheck',
    title: 'Images that containers are made from say how to check their health',
    problem: 'An image in use does not say how to check its health',
    severity: 'low',
    looksAt: '`Healthcheck` of the images that running containers are made from',
    remediation: 'Build the image with HEALTHCHECK.',
    opens: 'misconfiguration',
    eachResource: true,
    restsOn: ['engine'],
    judge: ({ facts }) => {
      const engine = known(facts.engine);
      const used = new Set(running(engine).map(({ imageId }) => imageId));
      const images = engine.images.filter(({ id }) => used.has(id));
      if (images.length === 0) return noneRuns({ facts });
      const without = images.filter(({ hasHealthcheck }) => !hasHealthcheck);
      if (without.length === 0) return { status: 'pass', reason: 'Every image in use has one.', evidence: [] };
      return {
        status: 'fail',
        reason: `${without.length} of ${counted(images.length, 'image')} in use have none.`,
        evidence: without.map(({ id, tags }) => ({
          resource: `image/${tags[0] ?? id}`,
          path: null,
          value: 'Healthcheck: none',
        })),
      };
    },
  },
  {
    id: 'container-trusted-registry',
    title: 'Containers are made from images of trusted registries',
    problem: 'A container is made from an image of a registry that is not trusted',
    severity: 'medium',
    looksAt: 'the images of running containers, against `PLIMSOLL_TRUSTED_REGISTRIES`',
    remediation: 'Make it from an image of a registry on the list, or put its registry there.',
    opens: 'misconfiguration',
    eachResource: true,
    restsOn: ['engine'],
    judge: (subject) => {
      const { trustedRegistries } = subject;
      if (trustedRegistries === null)
        return manual('PLIMSOLL_TRUSTED_REGISTRIES is not set: which registries are trusted is for a person to say.');
      return eachContainer(
        ({ image }) => (isTrusted(image, trustedRegistries) ? null : image),
        'are made from images of other registries',
      )(subject);
    },
  },
];

/** An image that is asked for by its id is of no registry. */
function isTrusted(image: string, registries: readonly string[]): boolean {
  try {
    const name = parseImageName(image);
    return registries.some((entry) => isOfRegistry(name, entry));
  } catch {
    return false;
  }
}
