import { Module } from '@nestjs/common';
import { RegistryCredentialsSeal } from './registry-credentials.js';
import { SigningKeySeal } from './signing-key-seal.js';

@Module({ providers: [RegistryCredentialsSeal, SigningKeySeal], exports: [RegistryCredentialsSeal, SigningKeySeal] })
export class CryptoModule {}
