import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { HistoryService } from '../../service/history.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import {
  FindingChangeDto,
  HistoryEntryDto,
  HistoryPageDto,
  PackageChangeDto,
  PackageChangePageDto,
  ScanDifferenceDto,
  ScanDifferencePageDto,
} from '../dto/history.dto.js';
import { PageQuery } from '../dto/list.query.js';
import { mapPage } from '../dto/page.dto.js';
import { IdPipe } from '../id.pipe.js';
import { pageRequest } from '../requests.js';
import { ApiProblems } from './api-problems.js';

const SCAN_ID = new IdPipe('scan');
const ApiId = (name: string, description: string) => ApiParam({ name, type: String, format: 'uuid', description });

@ApiTags('history')
@Controller('v1')
export class HistoryController {
  constructor(private readonly history: HistoryService) {}

  @Get('targets/:id/history')
  @ApiId('id', 'Of the target.')
  @ApiOperation({ operationId: 'getTargetHistory', summary: 'Scans of a target and what they changed, newest first' })
  @ApiOkResponse({ type: HistoryPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found')
  async ofTarget(
    @CurrentPrincipal() p: Principal,
    @Param('id', new IdPipe('target')) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<HistoryEntryDto>> {
    return mapPage(await this.history.ofTarget(p, id, pageRequest(query)), HistoryEntryDto.of);
  }

  @Get('scans/:before/diff/:after')
  @ApiId('before', 'Of the first scan.')
  @ApiId('after', 'Of the second scan.')
  @ApiOperation({
    operationId: 'diffScans',
    summary: 'Findings that one of two scans has alone',
    description: 'As they are known today. The scans may be of different targets, as of two tags of an image.',
  })
  @ApiOkResponse({ type: ScanDifferencePageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found', 'inventory_missing')
  async difference(
    @CurrentPrincipal() p: Principal,
    @Param('before', SCAN_ID) before: string,
    @Param('after', SCAN_ID) after: string,
    @Query() query: PageQuery,
  ): Promise<ScanDifferencePageDto> {
    const counts = ScanDifferenceDto.of(before, after, await this.history.difference(p, before, after));
    const page = await this.history.findingChanges(p, before, after, pageRequest(query));
    return { ...counts, ...mapPage(page, FindingChangeDto.of) };
  }

  @Get('scans/:before/diff/:after/packages')
  @ApiId('before', 'Of the first scan.')
  @ApiId('after', 'Of the second scan.')
  @ApiOperation({ operationId: 'diffScanPackages', summary: 'Packages that two scans do not have alike, by name' })
  @ApiOkResponse({ type: PackageChangePageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found', 'inventory_missing')
  async packages(
    @CurrentPrincipal() p: Principal,
    @Param('before', SCAN_ID) before: string,
    @Param('after', SCAN_ID) after: string,
    @Query() query: PageQuery,
  ): Promise<Page<PackageChangeDto>> {
    return mapPage(await this.history.packageChanges(p, before, after, pageRequest(query)), PackageChangeDto.of);
  }
}
