import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../model/principal.js';
import { TokenStore } from '../store/token.store.js';

@Injectable()
export class TokenService {
  constructor(private readonly tokens: TokenStore) {}

  /** Makes the operator's first token valid; one that was valid before under this name is not any more. */
  ensureAdmin(token: string): Promise<void> {
    return this.tokens.ensureAdmin(hashOf(token));
  }

  /** Whose token this is; null when it is nobody's. */
  authenticate(token: string): Promise<Principal | null> {
    return this.tokens.authenticate(hashOf(token));
  }
}

/** Tokens have 256 random bits, so a plain hash keeps them: there is nothing to guess that salt or stretching would slow down. */
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
