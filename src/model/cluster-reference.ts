import { PlimsollError } from './error.js';

/** A parsed reference of a cluster: how its facts come in, and from where. */
export type ClusterReference =
  /** Its API server is asked, as a kubeconfig says. */
  | { transport: 'kubeconfig'; path: string; context: string | null }
  /** Its API server is asked, as the account of the pod that the service runs in. */
  | { transport: 'in-cluster' }
  /** What `plimsoll collect cluster` or `kubectl get -o json` wrote. */
  | { transport: 'snapshot'; path: string }
  | { transport: 'manifests'; path: string }
  | { transport: 'upload'; id: string };

const FORMS = 'kubeconfig:PATH, kubeconfig:PATH#CONTEXT, in-cluster:, snapshot:PATH, manifests:PATH or upload:ID';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHOWN = 200;

/** @throws PlimsollError `unknown_reference_form` */
export function parseClusterReference(reference: string): ClusterReference {
  const colon = reference.indexOf(':');
  const transport = colon < 0 ? '' : reference.slice(0, colon);
  const rest = reference.slice(colon + 1);
  if (reference.includes('\0')) throw unknownForm(reference, 'it holds a NUL byte');
  switch (transport) {
    case 'kubeconfig': {
      const hash = rest.indexOf('#');
      const path = hash < 0 ? rest : rest.slice(0, hash);
      const context = hash < 0 ? null : rest.slice(hash + 1);
      if (context === '') throw unknownForm(reference, 'expected the name of a context after "#"');
      return { transport, path: absolute(path, reference), context };
    }
    case 'in-cluster':
      if (rest === '') return { transport };
      throw unknownForm(reference, 'expected nothing after "in-cluster:"');
    case 'snapshot':
    case 'manifests':
      return { transport, path: absolute(rest, reference) };
    case 'upload':
      if (UUID.test(rest)) return { transport, id: rest };
      throw unknownForm(reference, 'an upload is named by the id that POST /v1/uploads answered');
    default:
      throw unknownForm(reference, `expected ${FORMS}`);
  }
}

function absolute(path: string, reference: string): string {
  if (path.startsWith('/')) return path;
  throw unknownForm(reference, 'the path after the transport must be absolute');
}

function unknownForm(reference: string, why: string): PlimsollError {
  const shown = reference.slice(0, SHOWN);
  return new PlimsollError('unknown_reference_form', `Cannot read the reference "${shown}" of a cluster: ${why}.`);
}
