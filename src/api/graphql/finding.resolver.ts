import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { FindingService } from '../../service/finding.service.js';
import { WhyService } from '../../service/why.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { FindingDto } from '../dto/finding.dto.js';
import { FindingWhyDto } from '../dto/why.dto.js';
import { IdPipe } from '../id.pipe.js';
import { findingFilter } from '../requests.js';
import { FindingArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { FindingConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

/** What an explanation counts for among the rows that an operation may ask for: it reads the records of a package. */
const WHY_ROWS = 200;

@Resolver(() => FindingDto)
export class FindingResolver {
  constructor(
    private readonly service: FindingService,
    private readonly explanations: WhyService,
  ) {}

  @Query(() => FindingDto, { nullable: true, description: 'One finding.' })
  async finding(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, new IdPipe('finding')) id: string,
  ): Promise<FindingDto> {
    return FindingDto.of(await this.service.get(p, id));
  }

  @Query(() => FindingConnection, { description: 'Findings of all targets, worst first.' })
  findings(
    @CurrentPrincipal() p: Principal,
    @Args() args: FindingArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<FindingDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.list(p, findingFilter(args), page), FindingDto.of);
  }

  @ResolveField(() => FindingWhyDto, { description: 'Why it is a finding, by what is stored now.' })
  async why(
    @CurrentPrincipal() p: Principal,
    @Parent() finding: FindingDto,
    @Context() context: GraphqlContext,
  ): Promise<FindingWhyDto> {
    spendRows(context, WHY_ROWS);
    return FindingWhyDto.of(await this.explanations.get(p, finding.id));
  }
}
