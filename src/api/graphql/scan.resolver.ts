import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import type { ReportFormat } from '../../model/report.js';
import type { SbomFormat } from '../../model/sbom.js';
import { ReportService } from '../../service/report.service.js';
import { SbomService } from '../../service/sbom.service.js';
import { ScanService } from '../../service/scan.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { CreateScanInput } from '../dto/create-scan.input.js';
import { ReportFormats, SbomFormats } from '../dto/enumerations.js';
import { FindingDto } from '../dto/finding.dto.js';
import { JsonScalar } from '../dto/json.scalar.js';
import { PackageDto } from '../dto/package.dto.js';
import { ScanDto } from '../dto/scan.dto.js';
import { IdPipe } from '../id.pipe.js';
import { findingFilter, scanFilter, scanRequest } from '../requests.js';
import { checkIdempotencyKey } from '../rest/idempotency-key.js';
import { abortable } from './abortable.js';
import { ConnectionArgs, NestedFindingArgs, ScanArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { FindingConnection, PackageConnection, ScanConnection } from './connections.js';
import { type GraphqlContext, renewRows, spendRows } from './context.js';

const SCAN_ID = new IdPipe('scan');

/** What an SBOM, or a report, counts for among the rows that an operation may ask for: it has every package, or finding. */
const DOCUMENT_ROWS = 500;

@Resolver(() => ScanDto)
export class ScanResolver {
  constructor(
    private readonly scans: ScanService,
    private readonly sboms: SbomService,
    private readonly reports: ReportService,
  ) {}

  @Query(() => ScanDto, { nullable: true, description: 'One scan.' })
  async scan(@CurrentPrincipal() p: Principal, @Args('id', { type: () => ID }, SCAN_ID) id: string): Promise<ScanDto> {
    return ScanDto.of(await this.scans.get(p, id));
  }

  @Query(() => ScanConnection, { name: 'scans', description: 'Scans, newest first.' })
  scanList(
    @CurrentPrincipal() p: Principal,
    @Args() args: ScanArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<ScanDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.scans.list(p, scanFilter(args), page), ScanDto.of);
  }

  @ResolveField(() => PackageConnection, { description: 'The packages that it found.' })
  packages(
    @CurrentPrincipal() p: Principal,
    @Parent() scan: ScanDto,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<PackageDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.scans.packages(p, scan.id, page), PackageDto.of);
  }

  @ResolveField(() => FindingConnection, { description: 'What it found, worst first.' })
  findings(
    @CurrentPrincipal() p: Principal,
    @Parent() scan: ScanDto,
    @Args() args: NestedFindingArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<FindingDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.scans.findings(p, scan.id, findingFilter(args), page), FindingDto.of);
  }

  @ResolveField(() => JsonScalar, {
    nullable: true,
    description: 'The packages that it found, as an SBOM; null for a scan without an inventory.',
  })
  async sbom(
    @CurrentPrincipal() p: Principal,
    @Parent() scan: ScanDto,
    @Args('format', { type: () => SbomFormats.graphql, defaultValue: 'cyclonedx' }) format: SbomFormat,
    @Context() context: GraphqlContext,
  ): Promise<object | null> {
    spendRows(context, DOCUMENT_ROWS);
    return (await this.sboms.find(p, scan.id, format))?.document ?? null;
  }

  @ResolveField(() => JsonScalar, {
    nullable: true,
    description: 'What it found, as it is known today, for other programs; null for a scan that found no facts.',
  })
  async report(
    @CurrentPrincipal() p: Principal,
    @Parent() scan: ScanDto,
    @Args('format', { type: () => ReportFormats.graphql }) format: ReportFormat,
    @Context() context: GraphqlContext,
  ): Promise<object | null> {
    spendRows(context, DOCUMENT_ROWS);
    return (await this.reports.find(p, scan.id, format))?.document ?? null;
  }

  @Mutation(() => ScanDto, { description: 'Asks for a scan. Files are sent by REST, to /v1/uploads.' })
  async createScan(
    @CurrentPrincipal() p: Principal,
    @Args('input') input: CreateScanInput,
    @Args('idempotencyKey', { type: () => String, nullable: true, description: 'A repeated call gets the same scan.' })
    key: string | null,
  ): Promise<ScanDto> {
    const { scan } = await this.scans.create(p, scanRequest(input), key == null ? null : checkIdempotencyKey(key));
    return ScanDto.of(scan);
  }

  @Mutation(() => ScanDto, { description: 'Stops a scan.' })
  async cancelScan(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, SCAN_ID) id: string,
  ): Promise<ScanDto> {
    return ScanDto.of(await this.scans.cancel(p, id));
  }

  @Subscription(() => ScanDto, { description: 'The scan now, and after every change until it has ended.' })
  async scanProgress(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, SCAN_ID) id: string,
    @Context() context: GraphqlContext,
  ): Promise<AsyncIterableIterator<{ scanProgress: ScanDto }>> {
    await this.scans.get(p, id);
    return abortable(
      (signal) => this.scans.watch(p, id, signal),
      (scan) => {
        renewRows(context);
        return { scanProgress: ScanDto.of(scan) };
      },
    );
  }
}
