import { ObjectType } from '@nestjs/graphql';
import type { Cvss, Severity } from '../../model/severity.js';
import { Severities } from './enumerations.js';
import { CvssDto } from './finding.dto.js';
import { Property } from './property.js';

interface RecordHeader {
  id: string;
  feed: string;
  part: string;
  url: string | null;
  modified: Date;
  summary: string;
  severity: Severity | null;
  cvss: readonly Cvss[];
}

/** What every answer about an advisory record says of it. */
@ObjectType({ isAbstract: true })
export abstract class RecordHeaderDto {
  @Property(String, { description: 'Of the record.', example: 'DSA-5532-1' })
  id: string;

  @Property(String, { description: 'Which feed brought it.', example: 'osv' })
  feed: string;

  @Property(String, { description: 'Which piece of the feed.', example: 'Debian' })
  part: string;

  @Property(String, { description: 'Where people read it.', nullable: true })
  url: string | null;

  @Property(Date, { description: 'When its database last changed it.' })
  modified: Date;

  @Property(String, { description: 'One line for people; empty where it has none.' })
  summary: string;

  @Property(Severities, { description: 'In the words of its database; null where it gives none.', nullable: true })
  severity: Severity | null;

  @Property([CvssDto], { description: 'As it gives them.' })
  cvss: CvssDto[];
}

export function recordHeader({
  id,
  feed,
  part,
  url,
  modified,
  summary,
  severity,
  cvss,
}: RecordHeader): RecordHeaderDto {
  return { id, feed, part, url, modified, summary, severity, cvss: cvss.map(CvssDto.of) };
}
