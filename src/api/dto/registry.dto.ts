import { ID } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { Registry, RegistryAuthentication } from '../../model/registry.js';
import { RegistryAuthentications } from './enumerations.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';

@Shape('Registry', 'How images are fetched from one registry. Credentials go in and never come out.')
export class RegistryDto {
  @Property(ID, { description: 'UUIDv7: ids sort by age.' })
  id: string;

  @Property(String, { description: 'As image names have it.', example: 'registry.example:5000' })
  host: string;

  @Property(RegistryAuthentications, { description: 'Which credentials are kept.' })
  authentication: RegistryAuthentication;

  @Property([String], {
    description: 'Asked before the registry itself, in this order.',
    example: ['mirror.example/hub'],
  })
  mirrors: string[];

  @Property(String, { description: 'Certificates in PEM that are trusted beside the usual ones.', nullable: true })
  ca: string | null;

  @Property(Boolean, { description: 'Whether it is spoken to by plain HTTP.' })
  insecure: boolean;

  @Property(Date, { description: 'When it was added.' })
  createdAt: Date;

  @Property(Date, { description: 'When it was last changed.' })
  updatedAt: Date;

  static of({ id, host, authentication, mirrors, ca, insecure, createdAt, updatedAt }: Registry): RegistryDto {
    const dto = { id, host, authentication, mirrors, ca, insecure, createdAt, updatedAt };
    return Object.assign(new RegistryDto(), dto);
  }
}

@ApiSchema({ name: 'RegistryPage' })
export class RegistryPageDto extends PageOf(RegistryDto) {}
