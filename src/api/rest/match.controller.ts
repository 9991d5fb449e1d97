import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MatchService } from '../../service/match.service.js';
import { MatchResultDto } from '../dto/match.dto.js';
import { MatchInput } from '../dto/match.input.js';
import { ApiProblems } from './api-problems.js';

@ApiTags('advisories')
@Controller('v1/match')
export class MatchController {
  constructor(private readonly matches: MatchService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'match',
    summary: 'What advisories say of a list of packages',
    description: 'Nothing is stored. What is no package URL is an item that says so.',
  })
  @ApiOkResponse({ type: MatchResultDto })
  @ApiProblems('invalid_request', 'malformed_json', 'unsupported_media_type', 'payload_too_large', 'limit_exceeded')
  async match(@Body() { packages }: MatchInput): Promise<MatchResultDto> {
    return MatchResultDto.of(await this.matches.match(packages));
  }
}
