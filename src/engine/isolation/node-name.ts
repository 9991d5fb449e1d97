import type { Container } from '../../model/host/engine.js';

/** Names are unique in an engine, and stay when a container is made anew. */
export function nameOf({ name }: Pick<Container, 'name'>): string {
  return `container/${name}`;
}

export function isLoopback(address: string): boolean {
  return /^127\.|^::1$|^::ffff:127\.|^localhost$/.test(address);
}
