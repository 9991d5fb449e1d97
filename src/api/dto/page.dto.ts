import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Page } from '../../model/page.js';

/** The class of one page of a list, for OpenAPI; extend it, and name that by `@ApiSchema`. */
export function PageOf<T>(Item: Type<T>): Type<Page<T>> {
  class PageDto implements Page<T> {
    @ApiProperty({ type: [Item] })
    items: T[];

    @ApiProperty({
      type: String,
      nullable: true,
      description: 'For `cursor` of the next request; null on the last page.',
    })
    nextCursor: string | null;
  }
  return PageDto;
}

/** The same page with every item as it is answered. */
export function mapPage<T, R>(page: Page<T>, map: (item: T) => R): Page<R> {
  return { items: page.items.map(map), nextCursor: page.nextCursor };
}
