import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { CheckpointService } from '../../service/checkpoint.service.js';
import { EventService } from '../../service/event.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { CheckpointDto, VerifierKeyDto } from '../dto/checkpoint.dto.js';
import { EventDto } from '../dto/event.dto.js';
import { EventArgs } from './connection.args.js';
import { type Connection, toConnection } from './connection.js';
import { EventConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

@Resolver(() => EventDto)
export class EventResolver {
  constructor(
    private readonly service: EventService,
    private readonly checkpoints: CheckpointService,
  ) {}

  @Query(() => EventConnection, { description: 'The log, oldest first. A cursor is a position.' })
  async events(
    @CurrentPrincipal() p: Principal,
    @Args() { after, first, types }: EventArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<EventDto>> {
    spendRows(context, first);
    const { items, hasMore, nextCursor } = await this.service.list(p, {
      after,
      limit: first,
      types: types ?? null,
    });
    const connection = toConnection(
      items.map((event) => ({ cursor: event.position, node: EventDto.of(event) })),
      hasMore,
    );
    // Also of an empty page, which has passed what was not asked for.
    connection.pageInfo.endCursor = nextCursor;
    return connection;
  }

  @Query(() => CheckpointDto, { description: 'The head of the log, signed: keep it elsewhere.' })
  async eventCheckpoint(@CurrentPrincipal() p: Principal): Promise<CheckpointDto> {
    return CheckpointDto.of(await this.checkpoints.get(p));
  }

  @Query(() => [VerifierKeyDto], { description: 'The public keys of checkpoints.' })
  async eventKeys(): Promise<VerifierKeyDto[]> {
    return (await this.checkpoints.listKeys()).map(VerifierKeyDto.of);
  }
}
