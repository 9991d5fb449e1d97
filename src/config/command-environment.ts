/** What the `plimsoll` command reads beside the service's configuration. */
export interface CommandEnvironment {
  /** The service to talk to. */
  url: string | null;
  token: string | null;
}

export function readCommandEnvironment(env: NodeJS.ProcessEnv): CommandEnvironment {
  return { url: env.PLIMSOLL_URL || null, token: env.PLIMSOLL_TOKEN || env.PLIMSOLL_ADMIN_TOKEN || null };
}
