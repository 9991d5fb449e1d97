import { fail, pass } from '../control.js';
import { type ImageControl, onConfig } from './image-subject.js';

export const HEALTHCHECK_CONTROLS: ImageControl[] = [
  {
    id: 'healthcheck-defined',
    title: 'The image says how to check that a container is healthy',
    problem: 'The image does not say how to check that a container is healthy',
    severity: 'low',
    looksAt: 'the `Healthcheck` of the configuration; `NONE` is none',
    remediation:
      'Add a HEALTHCHECK to the build file. OCI’s image format has none: build with the docker format where the builder drops it. Where an orchestrator checks health by itself, accept this.',
    opens: 'misconfiguration',
    restsOn: ['healthcheck'],
    judge: onConfig(({ healthcheck }) => {
      const [kind] = healthcheck?.test ?? [];
      if (kind === undefined) return fail('The image has no HEALTHCHECK.', []);
      if (kind.toUpperCase() === 'NONE') {
        return fail('HEALTHCHECK NONE switches the check off.', [{ resource: 'HEALTHCHECK', path: null, value: kind }]);
      }
      return pass('The image has a HEALTHCHECK.');
    }),
  },
];
