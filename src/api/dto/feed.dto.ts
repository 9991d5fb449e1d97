import { Int } from '@nestjs/graphql';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Feed, FeedPart, FeedStatus } from '../../model/feed.js';
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

@Shape('FeedPart', 'A piece of a feed that is imported in one transaction.')
export class FeedPartDto {
  @Property(String, { description: 'As the feed calls it.', example: 'Debian' })
  part: string;

  @Property(Int, { description: 'How many records are stored.' })
  records: number;

  @Property(Int, { description: "How many of the source's records did not have the form of the feed." })
  rejected: number;

  @Property(Date, { description: 'When it was last written.' })
  importedAt: Date;

  @Property(Date, { description: 'When it was last found to be what the source says.' })
  checkedAt: Date;

  @Property(FaultDto, { description: 'Why its last sync failed; null when it did not.', nullable: true })
  lastError: FaultDto | null;

  static of(entry: FeedPart): FeedPartDto {
    const { part, records, rejected, importedAt, checkedAt, lastError } = entry;
    const fault = lastError && FaultDto.of(lastError);
    return Object.assign(new FeedPartDto(), { part, records, rejected, importedAt, checkedAt, lastError: fault });
  }
}

@Shape('Feed', 'Where advisories, dates and scores come from, and how fresh they are.')
export class FeedDto {
  @Property(String, { description: 'Stable.', example: 'osv' })
  name: string;

  @Property(Boolean, {
    description: 'Whether it is kept up to date by itself. One that is not can still be synced by hand.',
  })
  enabled: boolean;

  @Property(String, {
    description: 'A URL without credentials, or a folder.',
    example: 'https://osv-vulnerabilities.storage.googleapis.com',
  })
  source: string;

  @Property(FeedStatuses, { description: 'What it is doing.' })
  status: FeedStatus;

  @Property(Date, { description: 'When it last came in whole.', nullable: true })
  lastSuccessAt: Date | null;

  @Property(Date, { description: 'When the last sync began.', nullable: true })
  lastAttemptAt: Date | null;

  @Property(Int, { description: 'Seconds since it last came in whole; null for never.', nullable: true })
  ageSeconds: number | null;

  @Property(FaultDto, { description: 'Why the last sync failed; null when it did not.', nullable: true })
  lastError: FaultDto | null;

  @Property(Int, { description: 'How many records are stored.' })
  records: number;

  @Property(Int, { description: "How many of the source's records did not have the form of the feed." })
  rejected: number;

  @Property(FeedProgressDto, { description: 'Of the running or the last sync.' })
  progress: FeedProgressDto;

  static of(feed: Feed): FeedDto {
    const { percent, part, imported, rejected, skipped } = feed.progress;
    return Object.assign(new FeedDto(), {
      name: feed.name,
      enabled: feed.enabled,
      source: feed.source,
      status: feed.status,
      lastSuccessAt: feed.lastSuccessAt,
      lastAttemptAt: feed.lastAttemptAt,
      ageSeconds: feed.ageSeconds,
      lastError: feed.lastError && FaultDto.of(feed.lastError),
      records: feed.records,
      rejected: feed.rejected,
      progress: { percent, part, imported, rejected, skipped },
    });
  }
}

/** One feed by itself. In GraphQL `parts` is a field of every feed, read when it is asked for. */
@ApiSchema({ name: 'FeedDetail', description: 'A feed, and the pieces that came in so far.' })
export class FeedDetailDto extends FeedDto {
  @ApiProperty({ description: 'The pieces of the feed that came in so far.', type: [FeedPartDto] })
  parts: FeedPartDto[];

  static ofParts(feed: Feed, parts: readonly FeedPart[]): FeedDetailDto {
    return Object.assign(new FeedDetailDto(), FeedDto.of(feed), { parts: parts.map(FeedPartDto.of) });
  }
}

@ApiSchema({ name: 'FeedPage' })
export class FeedPageDto extends PageOf(FeedDto) {}
