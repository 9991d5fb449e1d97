import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../model/principal.js';
import { AdvisoryService } from '../../service/advisory.service.js';
import { MatchService } from '../../service/match.service.js';
import { AdvisoryIdPipe } from '../advisory-id.pipe.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { AdvisoryDto, AffectedTargetDto, AffectedTargetPageDto } from '../dto/advisory.dto.js';
import { PackageQuery, PageQuery } from '../dto/list.query.js';
import { PackageVulnerabilityDto, PackageVulnerabilityPageDto } from '../dto/match.dto.js';
import { mapPage } from '../dto/page.dto.js';
import { pageRequest } from '../requests.js';
import { ApiProblems } from './api-problems.js';

const ADVISORY_ID = new AdvisoryIdPipe();
const ApiAdvisoryId = () =>
  ApiParam({
    name: 'id',
    type: String,
    description: 'Any id or alias of the vulnerability, in whatever case: CVE, GHSA, DSA, a record’s own.',
    example: 'CVE-2021-23337',
  });

@ApiTags('advisories')
@Controller('v1/advisories')
export class AdvisoryController {
  constructor(
    private readonly advisories: AdvisoryService,
    private readonly matches: MatchService,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listPackageVulnerabilities',
    summary: 'The vulnerabilities of a package, worst first',
    description: 'With a version those that affect it, or may; without one all that name the package.',
  })
  @ApiOkResponse({ type: PackageVulnerabilityPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'limit_exceeded')
  async ofPackage(@Query() query: PackageQuery): Promise<PackageVulnerabilityPageDto> {
    const { gaps, ...page } = await this.matches.ofPackage(query.package, pageRequest(query));
    return { ...mapPage(page, PackageVulnerabilityDto.of), gaps };
  }

  @Get(':id')
  @ApiAdvisoryId()
  @ApiOperation({ operationId: 'getAdvisory', summary: 'One vulnerability, and every record about it' })
  @ApiOkResponse({ type: AdvisoryDto })
  @ApiProblems('advisory_not_found')
  async get(@Param('id', ADVISORY_ID) id: string): Promise<AdvisoryDto> {
    return AdvisoryDto.of(await this.advisories.get(id));
  }

  @Get(':id/targets')
  @ApiAdvisoryId()
  @ApiOperation({
    operationId: 'listAffectedTargets',
    summary: 'Who has a vulnerability, worst first',
    description:
      'By the newest facts of each target; of a bulletin, who has any of the vulnerabilities that it is about.',
  })
  @ApiOkResponse({ type: AffectedTargetPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'advisory_not_found')
  async targets(
    @CurrentPrincipal() p: Principal,
    @Param('id', ADVISORY_ID) id: string,
    @Query() query: PageQuery,
  ): Promise<AffectedTargetPageDto> {
    const { judgedAt, ...page } = await this.advisories.affected(p, id, pageRequest(query));
    return { ...mapPage(page, AffectedTargetDto.of), judgedAt };
  }
}
