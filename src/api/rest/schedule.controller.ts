import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { ScheduleService } from '../../service/schedule.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { CountQuery, PageQuery } from '../dto/list.query.js';
import { mapPage } from '../dto/page.dto.js';
import {
  PlannedRunsDto,
  ScheduleDto,
  SchedulePageDto,
  ScheduleRunDto,
  ScheduleRunPageDto,
} from '../dto/schedule.dto.js';
import { CreateScheduleInput, UpdateScheduleInput } from '../dto/schedule.input.js';
import { IdPipe } from '../id.pipe.js';
import { pageRequest } from '../requests.js';
import { scheduleSettings } from '../schedule-settings.js';
import { ApiProblems } from './api-problems.js';

const SCHEDULE_ID = new IdPipe('schedule');
const ApiScheduleId = () => ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the schedule.' });

@ApiTags('schedules')
@Controller('v1/schedules')
export class ScheduleController {
  constructor(private readonly schedules: ScheduleService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ operationId: 'createSchedule', summary: 'Have targets scanned again and again' })
  @ApiCreatedResponse({
    type: ScheduleDto,
    headers: { Location: { description: 'Of the schedule.', schema: { type: 'string' } } },
  })
  @ApiProblems('invalid_request', 'malformed_json', 'not_found', 'conflict')
  async create(
    @CurrentPrincipal() p: Principal,
    @Body() input: CreateScheduleInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleDto> {
    const schedule = await this.schedules.create(p, { name: input.name, ...scheduleSettings(input) });
    reply.header('location', `/v1/schedules/${schedule.id}`);
    return ScheduleDto.of(schedule);
  }

  @Get()
  @ApiOperation({ operationId: 'listSchedules', summary: 'Schedules, newest first' })
  @ApiOkResponse({ type: SchedulePageDto })
  @ApiProblems('invalid_request', 'malformed_cursor')
  async list(@CurrentPrincipal() p: Principal, @Query() query: PageQuery): Promise<Page<ScheduleDto>> {
    return mapPage(await this.schedules.list(p, pageRequest(query)), ScheduleDto.of);
  }

  @Get(':id')
  @ApiScheduleId()
  @ApiOperation({ operationId: 'getSchedule', summary: 'One schedule' })
  @ApiOkResponse({ type: ScheduleDto })
  @ApiProblems('not_found')
  async get(@CurrentPrincipal() p: Principal, @Param('id', SCHEDULE_ID) id: string): Promise<ScheduleDto> {
    return ScheduleDto.of(await this.schedules.get(p, id));
  }

  @Patch(':id')
  @ApiScheduleId()
  @ApiOperation({
    operationId: 'updateSchedule',
    summary: 'Change, pause or resume a schedule',
    description: 'What fell due while a schedule was paused is not made up for.',
  })
  @ApiOkResponse({ type: ScheduleDto })
  @ApiProblems('invalid_request', 'malformed_json', 'not_found', 'conflict')
  async update(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCHEDULE_ID) id: string,
    @Body() input: UpdateScheduleInput,
  ): Promise<ScheduleDto> {
    const { name } = input;
    const changes = { ...(name != null && { name }), ...scheduleSettings(input) };
    return ScheduleDto.of(await this.schedules.update(p, id, changes));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiScheduleId()
  @ApiOperation({ operationId: 'deleteSchedule', summary: 'Delete a schedule and its runs; their scans stay' })
  @ApiNoContentResponse()
  @ApiProblems('not_found')
  delete(@CurrentPrincipal() p: Principal, @Param('id', SCHEDULE_ID) id: string): Promise<void> {
    return this.schedules.delete(p, id);
  }

  @Post(':id/run')
  @HttpCode(202)
  @ApiScheduleId()
  @ApiOperation({ operationId: 'runSchedule', summary: 'Run a schedule now; its next run stays as it is' })
  @ApiAcceptedResponse({ type: ScheduleRunDto })
  @ApiProblems('not_found')
  async run(@CurrentPrincipal() p: Principal, @Param('id', SCHEDULE_ID) id: string): Promise<ScheduleRunDto> {
    return ScheduleRunDto.of(await this.schedules.runNow(p, id));
  }

  @Get(':id/runs')
  @ApiScheduleId()
  @ApiOperation({ operationId: 'listScheduleRuns', summary: 'What a schedule did, newest first' })
  @ApiOkResponse({ type: ScheduleRunPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found')
  async runs(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCHEDULE_ID) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<ScheduleRunDto>> {
    return mapPage(await this.schedules.runs(p, id, pageRequest(query)), ScheduleRunDto.of);
  }

  @Get(':id/next')
  @ApiScheduleId()
  @ApiOperation({
    operationId: 'listPlannedRuns',
    summary: 'The runs to come; of a paused schedule those it would have',
  })
  @ApiOkResponse({ type: PlannedRunsDto })
  @ApiProblems('invalid_request', 'not_found')
  async next(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCHEDULE_ID) id: string,
    @Query() { count }: CountQuery,
  ): Promise<PlannedRunsDto> {
    return { items: await this.schedules.next(p, id, count) };
  }
}
