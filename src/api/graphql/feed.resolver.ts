import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { FeedService } from '../../service/feed.service.js';
import { FeedDto, FeedPartDto } from '../dto/feed.dto.js';
import { type Connection, toConnection } from './connection.js';
import { FeedConnection } from './connections.js';

@Resolver(() => FeedDto)
export class FeedResolver {
  constructor(private readonly service: FeedService) {}

  @Query(() => FeedDto, { nullable: true, description: 'One feed.' })
  async feed(@Args('name', { type: () => String }) name: string): Promise<FeedDto> {
    return FeedDto.of(await this.service.get(name));
  }

  @Query(() => FeedConnection, {
    description: 'Where advisories, dates and scores come from: all of them, as they are few.',
  })
  async feeds(): Promise<Connection<FeedDto>> {
    const feeds = await this.service.list();
    return toConnection(
      feeds.map((feed) => ({ cursor: feed.name, node: FeedDto.of(feed) })),
      false,
    );
  }

  @ResolveField(() => [FeedPartDto], { description: 'The pieces of the feed that came in so far.' })
  async parts(@Parent() feed: FeedDto): Promise<FeedPartDto[]> {
    return (await this.service.parts(feed.name)).map(FeedPartDto.of);
  }

  @Mutation(() => FeedDto, { description: 'Reads a feed again; nothing new starts while it runs.' })
  async syncFeed(@Args('name', { type: () => String }) name: string): Promise<FeedDto> {
    return FeedDto.of(await this.service.sync(name));
  }
}
