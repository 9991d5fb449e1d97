import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { BENCHMARK_NAMES } from '../../model/benchmark.js';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { ControlService } from '../../service/control.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { BenchmarkReportDto } from '../dto/benchmark.dto.js';
import { ControlResultDto, ControlResultPageDto } from '../dto/control.dto.js';
import { ControlQuery } from '../dto/list.query.js';
import { mapPage } from '../dto/page.dto.js';
import { IdPipe } from '../id.pipe.js';
import { controlFilter, pageRequest } from '../requests.js';
import { ApiProblems } from './api-problems.js';

const SCAN_ID = new IdPipe('scan');
const ApiScanId = () => ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the scan.' });

@ApiTags('scans')
@Controller('v1/scans/:id')
export class ControlController {
  constructor(private readonly controls: ControlService) {}

  @Get('controls')
  @ApiScanId()
  @ApiOperation({ operationId: 'listScanControls', summary: 'What each control said of a scan’s target' })
  @ApiOkResponse({ type: ControlResultPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found')
  async list(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCAN_ID) id: string,
    @Query() query: ControlQuery,
  ): Promise<Page<ControlResultDto>> {
    return mapPage(await this.controls.list(p, id, controlFilter(query), pageRequest(query)), ControlResultDto.of);
  }

  @Get('benchmarks/:name')
  @ApiScanId()
  @ApiParam({ name: 'name', enum: [...BENCHMARK_NAMES], enumName: 'BenchmarkName', description: 'Of the benchmark.' })
  @ApiOperation({
    operationId: 'getScanBenchmark',
    summary: 'What a scan means for a benchmark',
    description: 'Nothing is found until the scan has ended with facts.',
  })
  @ApiOkResponse({ type: BenchmarkReportDto })
  @ApiProblems('not_found', 'unknown_benchmark')
  async benchmark(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCAN_ID) id: string,
    @Param('name') name: string,
  ): Promise<BenchmarkReportDto> {
    return BenchmarkReportDto.of(await this.controls.benchmark(p, id, name));
  }
}
