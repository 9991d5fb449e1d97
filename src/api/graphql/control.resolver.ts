import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { ControlService } from '../../service/control.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { BenchmarkReportDto } from '../dto/benchmark.dto.js';
import { ControlResultDto } from '../dto/control.dto.js';
import { ScanDto } from '../dto/scan.dto.js';
import { controlFilter } from '../requests.js';
import { ControlArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { ControlResultConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

@Resolver(() => ScanDto)
export class ControlResolver {
  constructor(private readonly service: ControlService) {}

  @ResolveField(() => ControlResultConnection, { description: 'What each control said of its target.' })
  controls(
    @CurrentPrincipal() p: Principal,
    @Parent() scan: ScanDto,
    @Args() args: ControlArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<ControlResultDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.list(p, scan.id, controlFilter(args), page), ControlResultDto.of);
  }

  @ResolveField(() => BenchmarkReportDto, {
    nullable: true,
    description: 'What it means for a benchmark, once it has ended with facts.',
  })
  async benchmark(
    @CurrentPrincipal() p: Principal,
    @Parent() scan: ScanDto,
    @Args('name', { type: () => String, description: 'As `cis-docker`.' }) name: string,
    @Context() context: GraphqlContext,
  ): Promise<BenchmarkReportDto> {
    spendRows(context, 1);
    return BenchmarkReportDto.of(await this.service.benchmark(p, scan.id, name));
  }
}
