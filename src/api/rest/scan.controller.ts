import {
  Body,
  Controller,
  Get,
  HttpCode,
  type MessageEvent,
  Param,
  Post,
  Query,
  Res,
  Sse,
  SseSignal,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  type ApiResponseNoStatusOptions,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import type { ReportFormat } from '../../model/report.js';
import type { SbomFormat } from '../../model/sbom.js';
import { ReportService } from '../../service/report.service.js';
import { SbomService } from '../../service/sbom.service.js';
import { ScanService } from '../../service/scan.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { CreateScanInput } from '../dto/create-scan.input.js';
import { FindingDto, FindingPageDto } from '../dto/finding.dto.js';
import { PageQuery, ReportQuery, SbomQuery, ScanFindingQuery, ScanQuery } from '../dto/list.query.js';
import { PackageDto, PackagePageDto } from '../dto/package.dto.js';
import { mapPage } from '../dto/page.dto.js';
import { ScanDto, ScanPageDto } from '../dto/scan.dto.js';
import { IdPipe } from '../id.pipe.js';
import { findingFilter, pageRequest, scanFilter, scanRequest } from '../requests.js';
import { Shutdown } from '../shutdown.js';
import { ApiProblems } from './api-problems.js';
import { IdempotencyKey } from './idempotency-key.js';
import { progressEvents } from './progress-events.js';

const SCAN_ID = new IdPipe('scan');
const MEDIA_TYPES: Record<SbomFormat, string> = {
  cyclonedx: 'application/vnd.cyclonedx+json; version=1.6',
  spdx: 'application/spdx+json',
};
const REPORT_TYPES: Record<ReportFormat, string> = { openvex: 'application/vnd.openvex+json' };
const ApiScanId = () => ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the scan.' });

@ApiTags('scans')
@Controller('v1/scans')
export class ScanController {
  constructor(
    private readonly scans: ScanService,
    private readonly sboms: SbomService,
    private readonly reports: ReportService,
    private readonly shutdown: Shutdown,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ operationId: 'createScan', summary: 'Ask for a scan' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Any text of 1 to 255 visible ASCII characters; a repeated request with it gets the same scan.',
  })
  @ApiAcceptedResponse({
    type: ScanDto,
    description: 'The scan, queued.',
    headers: { Location: { description: 'Of the scan.', schema: { type: 'string' } } },
  })
  @ApiProblems(
    'invalid_request',
    'malformed_json',
    'unsupported_media_type',
    'payload_too_large',
    'idempotency_key_reused',
    'unknown_reference_form',
    'unsupported_target_kind',
    'path_not_allowed',
    'path_not_found',
    'path_not_readable',
    'address_not_allowed',
    'upload_not_found',
  )
  async create(
    @CurrentPrincipal() p: Principal,
    @Body() input: CreateScanInput,
    @IdempotencyKey() key: string | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScanDto> {
    const { scan } = await this.scans.create(p, scanRequest(input), key);
    reply.header('location', `/v1/scans/${scan.id}`);
    return ScanDto.of(scan);
  }

  @Get()
  @ApiOperation({ operationId: 'listScans', summary: 'Scans, newest first' })
  @ApiOkResponse({ type: ScanPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor')
  async list(@CurrentPrincipal() p: Principal, @Query() query: ScanQuery): Promise<Page<ScanDto>> {
    return mapPage(await this.scans.list(p, scanFilter(query), pageRequest(query)), ScanDto.of);
  }

  @Get(':id')
  @ApiScanId()
  @ApiOperation({ operationId: 'getScan', summary: 'One scan' })
  @ApiOkResponse({ type: ScanDto })
  @ApiProblems('not_found')
  async get(@CurrentPrincipal() p: Principal, @Param('id', SCAN_ID) id: string): Promise<ScanDto> {
    return ScanDto.of(await this.scans.get(p, id));
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @ApiScanId()
  @ApiOperation({
    operationId: 'cancelScan',
    summary: 'Stop a scan',
    description: 'A queued scan is cancelled at once, a running one as soon as its worker hears of it.',
  })
  @ApiAcceptedResponse({ type: ScanDto })
  @ApiProblems('not_found', 'scan_not_cancellable')
  async cancel(@CurrentPrincipal() p: Principal, @Param('id', SCAN_ID) id: string): Promise<ScanDto> {
    return ScanDto.of(await this.scans.cancel(p, id));
  }

  @Get(':id/packages')
  @ApiScanId()
  @ApiOperation({ operationId: 'listScanPackages', summary: 'The packages that a scan found' })
  @ApiOkResponse({ type: PackagePageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found')
  async packages(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCAN_ID) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<PackageDto>> {
    return mapPage(await this.scans.packages(p, id, pageRequest(query)), PackageDto.of);
  }

  @Get(':id/findings')
  @ApiScanId()
  @ApiOperation({ operationId: 'listScanFindings', summary: 'What a scan found, worst first' })
  @ApiOkResponse({ type: FindingPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found')
  async findings(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCAN_ID) id: string,
    @Query() query: ScanFindingQuery,
  ): Promise<Page<FindingDto>> {
    return mapPage(await this.scans.findings(p, id, findingFilter(query), pageRequest(query)), FindingDto.of);
  }

  @Get(':id/sbom')
  @ApiScanId()
  @ApiOperation({
    operationId: 'getScanSbom',
    summary: 'The packages that a scan found, as an SBOM',
    description: 'The same inventory gives the same bytes, in every scan of the target.',
  })
  @ApiOkResponse(documentOf(MEDIA_TYPES))
  @ApiProblems('invalid_request', 'not_found', 'inventory_missing')
  async sbom(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCAN_ID) id: string,
    @Query() { format }: SbomQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return asFile(await this.sboms.get(p, id, format), MEDIA_TYPES[format], reply);
  }

  @Get(':id/report')
  @ApiScanId()
  @ApiOperation({
    operationId: 'getScanReport',
    summary: 'What a scan found, as it is known today, for other programs',
    description: 'As OpenVEX: every vulnerability that is there, what was said of it, and else what to do.',
  })
  @ApiOkResponse(documentOf(REPORT_TYPES))
  @ApiProblems('invalid_request', 'not_found', 'inventory_missing')
  async report(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCAN_ID) id: string,
    @Query() { format }: ReportQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return asFile(await this.reports.get(p, id, format), REPORT_TYPES[format], reply);
  }

  @Sse(':id/progress')
  @ApiScanId()
  @ApiOperation({
    operationId: 'watchScan',
    summary: 'A scan as it goes, as server-sent events',
    description:
      'An event `progress` with the scan as data at once and after every change, and `end` with the same when it has ended; then the stream closes. A comment every 15 s keeps the connection open.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'The stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblems('not_found')
  async progress(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCAN_ID) id: string,
    @SseSignal() closed: AbortSignal,
  ): Promise<Observable<MessageEvent>> {
    // Asked before the stream begins, so that an unknown scan is a 404.
    await this.scans.get(p, id);
    const signal = AbortSignal.any([closed, this.shutdown.signal]);
    return progressEvents(this.scans.watch(p, id, signal), signal);
  }
}

function documentOf(types: Record<string, string>): ApiResponseNoStatusOptions {
  const schema = { type: 'object', additionalProperties: true } as const;
  return {
    description: 'The document.',
    content: Object.fromEntries(Object.values(types).map((type) => [type, { schema }])),
    headers: { 'Content-Disposition': { description: 'A name for the file.', schema: { type: 'string' } } },
  };
}

function asFile(
  { document, fileName }: { document: object; fileName: string },
  type: string,
  reply: FastifyReply,
): Buffer {
  reply.header('content-type', type);
  reply.header('content-disposition', `attachment; filename="${fileName}"`);
  // As bytes: to a text Fastify would add its character set.
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
}
