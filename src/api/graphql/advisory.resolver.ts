import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { CoverageItem } from '../../model/coverage.js';
import type { Principal } from '../../model/principal.js';
import { AdvisoryService } from '../../service/advisory.service.js';
import { MatchService } from '../../service/match.service.js';
import { AdvisoryIdPipe } from '../advisory-id.pipe.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { AdvisoryDto, AffectedTargetDto } from '../dto/advisory.dto.js';
import { MatchResultDto, PackageVulnerabilityDto } from '../dto/match.dto.js';
import { ConnectionArgs, MatchArgs, PackageArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { AffectedTargetConnection, PackageVulnerabilityConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

/** What all records about a vulnerability count for among the rows that an operation may ask for. */
const ADVISORY_ROWS = 200;

@Resolver(() => AdvisoryDto)
export class AdvisoryResolver {
  constructor(
    private readonly advisories: AdvisoryService,
    private readonly matches: MatchService,
  ) {}

  @Query(() => AdvisoryDto, {
    nullable: true,
    description: 'One vulnerability, by any id or alias, and every record about it.',
  })
  async advisory(
    @Args('id', { type: () => String }, new AdvisoryIdPipe()) id: string,
    @Context() context: GraphqlContext,
  ): Promise<AdvisoryDto> {
    spendRows(context, ADVISORY_ROWS);
    return AdvisoryDto.of(await this.advisories.get(id));
  }

  @ResolveField(() => AffectedTargetConnection, { description: 'Who has it, worst first.' })
  async targets(
    @CurrentPrincipal() p: Principal,
    @Parent() advisory: AdvisoryDto,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<AffectedTargetDto> & { judgedAt: Date | null }> {
    spendRows(context, args.first);
    let judgedAt: Date | null = null;
    const connection = await connect(
      args,
      async (page) => {
        const found = await this.advisories.affected(p, advisory.id, page);
        ({ judgedAt } = found);
        return found;
      },
      AffectedTargetDto.of,
    );
    return { ...connection, judgedAt };
  }

  @Query(() => PackageVulnerabilityConnection, {
    description: 'The vulnerabilities of a package, worst first: with a version those that affect it, or may.',
  })
  async packageVulnerabilities(
    @Args() args: PackageArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<PackageVulnerabilityDto> & { gaps: CoverageItem[] }> {
    spendRows(context, args.first);
    let gaps: CoverageItem[] = [];
    const connection = await connect(
      args,
      async (page) => {
        const found = await this.matches.ofPackage(args.package, page);
        ({ gaps } = found);
        return found;
      },
      PackageVulnerabilityDto.of,
    );
    return { ...connection, gaps };
  }

  @Query(() => MatchResultDto, { description: 'What advisories say of a list of packages. Nothing is stored.' })
  async match(@Args() { packages }: MatchArgs, @Context() context: GraphqlContext): Promise<MatchResultDto> {
    spendRows(context, packages.length);
    return MatchResultDto.of(await this.matches.match(packages));
  }
}
