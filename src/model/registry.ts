export const REGISTRY_AUTHENTICATIONS = ['none', 'basic', 'token'] as const;
/** Which credentials are kept; what they are is never answered. */
export type RegistryAuthentication = (typeof REGISTRY_AUTHENTICATIONS)[number];

/** How a project speaks to one registry. */
export interface Registry {
  id: string;
  /** `host[:port]` in lower case, as image names have it; one entry for each host. */
  host: string;
  authentication: RegistryAuthentication;
  /** `host[:port][/path]`, tried before the registry itself, in this order. */
  mirrors: string[];
  /** Certificates in PEM that are trusted beside those of the system; null for none. */
  ca: string | null;
  /** Plain HTTP. */
  insecure: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** The secret half of a registry's settings. */
export type RegistryCredentials =
  | { kind: 'basic'; username: string; password: string }
  /** Docker's identity token: the registry's token service gives an access token for it. */
  | { kind: 'token'; token: string };

/** A registry as a pull needs it. */
export interface RegistryAccess extends Pick<Registry, 'host' | 'mirrors' | 'ca' | 'insecure'> {
  credentials: RegistryCredentials | null;
}

/** Splits `host[:port]/path`. */
export function splitMirror(mirror: string): { host: string; path: string } {
  const slash = mirror.indexOf('/');
  if (slash < 0) return { host: mirror, path: '' };
  return { host: mirror.slice(0, slash), path: mirror.slice(slash + 1) };
}
