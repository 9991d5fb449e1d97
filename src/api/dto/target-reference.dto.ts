import { ID } from '@nestjs/graphql';
import type { Scan } from '../../model/scan.js';
import type { TargetKind } from '../../model/target.js';
import { TargetKinds } from './enumerations.js';
import { Property, Shape } from './property.js';

@Shape('TargetReference', 'The target that a scan or a finding belongs to.')
export class TargetReferenceDto {
  @Property(ID, { description: 'Of the target.' })
  id: string;

  @Property(TargetKinds, { description: 'What is audited.' })
  kind: TargetKind;

  @Property(String, { description: 'Where it is read from.', example: 'docker-archive:/images/shop.tar' })
  reference: string;

  @Property(String, { description: 'What people call it.', nullable: true, example: 'shop' })
  name: string | null;

  static of({ id, kind, reference, name }: Scan['target']): TargetReferenceDto {
    return Object.assign(new TargetReferenceDto(), { id, kind, reference, name });
  }
}
