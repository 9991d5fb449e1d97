import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { EVENT_FORMATS, EVENT_TYPES, type EventFormat, type EventType } from '../../model/event.js';
import { DEFAULT_LIMIT, IsPosition, Limit, ListOf } from './list.query.js';

/** Seconds. */
const MAX_WAIT_S = 60;

export class EventQuery {
  @ApiProperty({
    type: String,
    required: false,
    default: '0',
    description: 'Only entries behind this position: `nextCursor` of the answer before.',
  })
  @IsPosition()
  after: string = '0';

  @Limit()
  limit: number = DEFAULT_LIMIT;

  @ListOf(EVENT_TYPES, 'EventType', 'Only entries of these types; `nextCursor` passes the others.')
  types?: EventType[];

  @ApiProperty({
    enum: [...EVENT_FORMATS],
    enumName: 'EventFormat',
    required: false,
    default: 'json',
    description:
      'One JSON document; one entry a line; a table; or lines of CEF. All but the first tell the cursor in headers alone.',
  })
  @IsIn([...EVENT_FORMATS], { message: `expected one of ${EVENT_FORMATS.join(', ')}` })
  format: EventFormat = 'json';

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: MAX_WAIT_S,
    required: false,
    default: 0,
    description: 'Seconds to wait for an entry where there is none yet.',
  })
  @Transform(({ value }) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value))
  @IsInt({ message: `expected a whole number of seconds from 0 to ${MAX_WAIT_S}` })
  @Min(0, { message: `expected a whole number of seconds from 0 to ${MAX_WAIT_S}` })
  @Max(MAX_WAIT_S, { message: `expected a whole number of seconds from 0 to ${MAX_WAIT_S}` })
  wait: number = 0;
}
