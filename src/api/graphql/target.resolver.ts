import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { FindingService } from '../../service/finding.service.js';
import { TargetService } from '../../service/target.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { FindingDto } from '../dto/finding.dto.js';
import { TargetDto } from '../dto/target.dto.js';
import { IdPipe } from '../id.pipe.js';
import { findingFilter, targetFilter } from '../requests.js';
import { TargetArgs, TargetFindingArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { FindingConnection, TargetConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

@Resolver(() => TargetDto)
export class TargetResolver {
  constructor(
    private readonly service: TargetService,
    private readonly findingService: FindingService,
  ) {}

  @Query(() => TargetDto, { nullable: true, description: 'One target.' })
  async target(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, new IdPipe('target')) id: string,
  ): Promise<TargetDto> {
    return TargetDto.of(await this.service.get(p, id));
  }

  @Query(() => TargetConnection, { description: 'What is audited.' })
  targets(
    @CurrentPrincipal() p: Principal,
    @Args() args: TargetArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<TargetDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.list(p, targetFilter(args), page), TargetDto.of);
  }

  @ResolveField(() => FindingConnection, { description: 'Its findings, worst first.' })
  findings(
    @CurrentPrincipal() p: Principal,
    @Parent() target: TargetDto,
    @Args() args: TargetFindingArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<FindingDto>> {
    spendRows(context, args.first);
    const filter = { ...findingFilter(args), targetId: target.id };
    return connect(args, (page) => this.findingService.list(p, filter, page), FindingDto.of);
  }
}
