import { Int } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { Feed, FeedStatus } from '../../model/feed.js';
import { FeedStatuses } from './enumerations.js';
import { FaultDto } from './fault.dto.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';

@Shape('FeedProgress', 'How far the running sync is, or what the last one did.')
export class FeedProgressDto {
  @Property(Int, { description: '0 to 100.', schema: { minimum: 0, maximum: 100 } })
  percent: number;

  @Property(String, { description: 'What is being read; null when idle.', nullable: true, example: 'Debian' })
  part: string | null;

  @Property(Int, { description: 'Records that were stored.' })
  imported: number;

  @Property(Int, { description: 'Records that did not have the form of the schema.' })
  rejected: number;

  @Property(Int, { description: 'Parts that had not changed.' })
  skipped: number;
}

@Shape('Feed', 'Where advisories and dates come from, and how fresh they are.')
export class FeedDto {
  @Property(String, { description: 'Stable.', example: 'osv' })
  name: string;

  @Property(FeedStatuses, { description: 'What it is doing.' })
  status: FeedStatus;

  @Property(Date, { description: 'When it last came in whole.', nullable: true })
  lastSuccessAt: Date | null;

  @Property(FaultDto, { description: 'Why the last sync failed; null when it did not.', nullable: true })
  lastError: FaultDto | null;

  @Property(Int, { description: 'How many records are stored.' })
  records: number;

  @Property(FeedProgressDto, { description: 'Of the running or the last sync.' })
  progress: FeedProgressDto;

  static of(feed: Feed): FeedDto {
    const { percent, part, imported, rejected, skipped } = feed.progress;
    return Object.assign(new FeedDto(), {
      name: feed.name,
      status: feed.status,
      lastSuccessAt: feed.lastSuccessAt,
      lastError: feed.lastError && FaultDto.of(feed.lastError),
      records: feed.records,
      progress: { percent, part, imported, rejected, skipped },
    });
  }
}

@ApiSchema({ name: 'FeedPage' })
export class FeedPageDto extends PageOf(FeedDto) {}
