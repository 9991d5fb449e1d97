import { ID } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { Target, TargetKind } from '../../model/target.js';
import { TargetKinds } from './enumerations.js';
import { JsonScalar } from './json.scalar.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';

@Shape('Target', 'What is audited, registered once.')
export class TargetDto {
  @Property(ID, { description: 'UUIDv7: ids sort by age.' })
  id: string;

  @Property(TargetKinds, { description: 'What it is.' })
  kind: TargetKind;

  @Property(String, { description: 'Where it is read from.', example: 'docker-archive:/images/shop.tar' })
  reference: string;

  @Property(String, { description: 'What people call it.', nullable: true, example: 'shop' })
  name: string | null;

  @Property(JsonScalar, {
    description: "The client's own words for it.",
    example: { team: 'payments' },
    schema: { additionalProperties: { type: 'string' } },
  })
  labels: Record<string, string>;

  @Property(Date, { description: 'When it was registered.' })
  createdAt: Date;

  @Property(ID, { description: 'Its latest scan that finished.', nullable: true })
  lastScanId: string | null;

  @Property(Date, { description: 'When that scan finished.', nullable: true })
  lastScanAt: Date | null;

  @Property(Date, {
    description:
      'Advisories that had come in by then are taken into account in its findings; null before a scan has found anything.',
    nullable: true,
  })
  judgedAt: Date | null;

  static of({ id, kind, reference, name, labels, createdAt, lastScanId, lastScanAt, judgedAt }: Target): TargetDto {
    const dto = { id, kind, reference, name, labels, createdAt, lastScanId, lastScanAt, judgedAt };
    return Object.assign(new TargetDto(), dto);
  }
}

@ApiSchema({ name: 'TargetPage' })
export class TargetPageDto extends PageOf(TargetDto) {}
