import { ID } from '@nestjs/graphql';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { EVENT_TYPES, type Event } from '../../model/event.js';
import { JsonScalar } from './json.scalar.js';
import { Property, Shape } from './property.js';

@Shape('Event', "One entry of the project's append-only log.")
export class EventDto {
  @Property(String, { description: 'Gapless from 1; a decimal string, as it may pass 2^53.', example: '42' })
  position: string;

  @Property(String, {
    description: '`noun.verb` in the past. New types may come.',
    example: 'finding.opened',
    schema: { examples: [...EVENT_TYPES] },
  })
  type: string;

  @Property(Date, { description: 'When it was written.' })
  time: Date;

  @Property(String, { description: 'Who did it: `token:<id>`, or `system`.', example: 'system' })
  actor: string;

  @Property(String, { description: 'What it is about.', example: 'scan/0190b1e2-5f3a-7c4d-8e5f-6a7b8c9d0e1f' })
  subject: string;

  @Property(ID, { description: 'The scan it belongs to.', nullable: true })
  scanId: string | null;

  @Property(ID, { description: 'The target it belongs to.', nullable: true })
  targetId: string | null;

  @Property(ID, { description: 'The finding it belongs to.', nullable: true })
  findingId: string | null;

  @Property(JsonScalar, { description: 'What the type brings with it.' })
  data: Record<string, unknown>;

  @Property(String, { description: "Hex SHA-256 over the previous entry's hash and this entry." })
  hash: string;

  static of(event: Event): EventDto {
    return Object.assign(new EventDto(), {
      position: event.position,
      type: event.type,
      time: event.time,
      actor: event.actor,
      subject: event.subject,
      scanId: event.scanId,
      targetId: event.targetId,
      findingId: event.findingId,
      data: event.data,
      hash: event.hash,
    });
  }
}

@ApiSchema({ name: 'EventPage' })
export class EventPageDto {
  @ApiProperty({ type: [EventDto] })
  items: EventDto[];

  @ApiProperty({ type: String, description: 'For `after` of the next request: the last position here, or `after`.' })
  nextCursor: string;

  @ApiProperty({ description: 'Whether more entries are there already.' })
  hasMore: boolean;
}
