import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Page } from '../../model/page.js';
import { FeedService } from '../../service/feed.service.js';
import { FeedDetailDto, FeedDto, FeedPageDto } from '../dto/feed.dto.js';
import { ApiProblems } from './api-problems.js';

const ApiFeedName = () => ApiParam({ name: 'name', type: String, description: 'Of the feed.', example: 'osv' });

@ApiTags('feeds')
@Controller('v1/feeds')
export class FeedController {
  constructor(private readonly feeds: FeedService) {}

  @Get()
  @ApiOperation({ operationId: 'listFeeds', summary: 'Where advisories, dates and scores come from' })
  @ApiOkResponse({ type: FeedPageDto })
  @ApiProblems()
  async list(): Promise<Page<FeedDto>> {
    return { items: (await this.feeds.list()).map(FeedDto.of), nextCursor: null };
  }

  @Get(':name')
  @ApiFeedName()
  @ApiOperation({ operationId: 'getFeed', summary: 'One feed and its parts' })
  @ApiOkResponse({ type: FeedDetailDto })
  @ApiProblems('unknown_feed')
  async get(@Param('name') name: string): Promise<FeedDetailDto> {
    return FeedDetailDto.ofParts(await this.feeds.get(name), await this.feeds.parts(name));
  }

  @Post(':name/sync')
  @HttpCode(202)
  @ApiFeedName()
  @ApiOperation({
    operationId: 'syncFeed',
    summary: 'Read a feed again',
    description: 'Nothing new starts while it runs. A feed that is not enabled is read too.',
  })
  @ApiAcceptedResponse({
    type: FeedDto,
    description: 'The feed, running.',
    headers: { Location: { description: 'Of the feed.', schema: { type: 'string' } } },
  })
  @ApiProblems('unknown_feed')
  async sync(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<FeedDto> {
    const feed = await this.feeds.sync(name);
    reply.header('location', `/v1/feeds/${feed.name}`);
    return FeedDto.of(feed);
  }
}
