/** What the `plimsoll` command reads beside the service's configuration. */
export interface CommandEnvironment {
  /** The service to talk to. */
  url: string | null;
  token: string | null;
  /** Of the container engine that `collect host` asks, as Docker's own command takes them. */
  dockerHost: string | null;
  dockerCertPath: string | null;
  /** Of the cluster that `collect cluster` asks, as kubectl takes it. */
  kubeconfig: string | null;
}

export function readCommandEnvironment(env: NodeJS.ProcessEnv): CommandEnvironment {
  return {
    url: env.PLIMSOLL_URL || null,
    token: env.PLIMSOLL_TOKEN || env.PLIMSOLL_ADMIN_TOKEN || null,
    dockerHost: env.PLIMSOLL_DOCKER_HOST || env.DOCKER_HOST || null,
    dockerCertPath: env.PLIMSOLL_DOCKER_CERT_PATH || env.DOCKER_CERT_PATH || null,
    kubeconfig: env.KUBECONFIG || null,
  };
}
