import { Module } from '@nestjs/common';
import { RegistryCredentialsSeal } from './registry-credentials.js';

@Module({ providers: [RegistryCredentialsSeal], exports: [RegistryCredentialsSeal] })
export class CryptoModule {}
