import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { HistoryService } from '../../service/history.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { FindingChangeDto, HistoryEntryDto, PackageChangeDto, ScanDifferenceDto } from '../dto/history.dto.js';
import { TargetDto } from '../dto/target.dto.js';
import { IdPipe } from '../id.pipe.js';
import { ConnectionArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { FindingChangeConnection, HistoryConnection, PackageChangeConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

const SCAN_ID = new IdPipe('scan');

/** What a comparison counts for among the rows that an operation may ask for: it looks at all findings of two scans. */
const DIFFERENCE_ROWS = 200;

@Resolver(() => TargetDto)
export class TargetHistoryResolver {
  constructor(private readonly service: HistoryService) {}

  @ResolveField(() => HistoryConnection, { description: 'Its scans and what they changed, newest first.' })
  history(
    @CurrentPrincipal() p: Principal,
    @Parent() target: TargetDto,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<HistoryEntryDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.ofTarget(p, target.id, page), HistoryEntryDto.of);
  }
}

@Resolver(() => ScanDifferenceDto)
export class ScanDifferenceResolver {
  constructor(private readonly service: HistoryService) {}

  @Query(() => ScanDifferenceDto, { description: 'How the findings of one scan differ from those of another.' })
  async scanDifference(
    @CurrentPrincipal() p: Principal,
    @Args('before', { type: () => ID }, SCAN_ID) before: string,
    @Args('after', { type: () => ID }, SCAN_ID) after: string,
    @Context() context: GraphqlContext,
  ): Promise<ScanDifferenceDto> {
    spendRows(context, DIFFERENCE_ROWS);
    return ScanDifferenceDto.of(before, after, await this.service.difference(p, before, after));
  }

  @ResolveField(() => FindingChangeConnection, { description: 'Findings that one of them has alone, worst first.' })
  findings(
    @CurrentPrincipal() p: Principal,
    @Parent() { before, after }: ScanDifferenceDto,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<FindingChangeDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.findingChanges(p, before, after, page), FindingChangeDto.of);
  }

  @ResolveField(() => PackageChangeConnection, { description: 'Packages that they do not have alike, by name.' })
  packages(
    @CurrentPrincipal() p: Principal,
    @Parent() { before, after }: ScanDifferenceDto,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<PackageChangeDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.packageChanges(p, before, after, page), PackageChangeDto.of);
  }
}
