/** What an Authorization header offers. */
export interface Credentials {
  scheme: 'bearer' | 'basic';
  token: string;
}

/**
 * Reads RFC 6750 `Bearer TOKEN`, and RFC 7617 `Basic base64(anything:TOKEN)`: a browser can ask a person for nothing
 * else. Null when it is neither.
 */
export function readCredentials(authorization: string | undefined): Credentials | null {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+) *$/.exec(authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { scheme: 'bearer', token: value };
    case 'basic': {
      const pair = Buffer.from(value, 'base64').toString('utf8');
      const token = pair.slice(pair.indexOf(':') + 1);
      return pair.includes(':') && token ? { scheme: 'basic', token } : null;
    }
    default:
      return null;
  }
}
