import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { ScheduleService } from '../../service/schedule.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { PlannedRunDto, ScheduleDto, ScheduleRunDto } from '../dto/schedule.dto.js';
import { CreateScheduleInput, UpdateScheduleInput } from '../dto/schedule.input.js';
import { IdPipe } from '../id.pipe.js';
import { scheduleSettings } from '../schedule-settings.js';
import { ConnectionArgs, PlannedRunsArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { ScheduleConnection, ScheduleRunConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

const SCHEDULE_ID = new IdPipe('schedule');

@Resolver(() => ScheduleDto)
export class ScheduleResolver {
  constructor(private readonly service: ScheduleService) {}

  @Query(() => ScheduleDto, { nullable: true, description: 'One schedule.' })
  async schedule(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, SCHEDULE_ID) id: string,
  ): Promise<ScheduleDto> {
    return ScheduleDto.of(await this.service.get(p, id));
  }

  @Query(() => ScheduleConnection, { description: 'Schedules, newest first.' })
  schedules(
    @CurrentPrincipal() p: Principal,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<ScheduleDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.list(p, page), ScheduleDto.of);
  }

  @ResolveField(() => ScheduleRunConnection, { description: 'What it did, newest first.' })
  runs(
    @CurrentPrincipal() p: Principal,
    @Parent() { id }: ScheduleDto,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<ScheduleRunDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.runs(p, id, page), ScheduleRunDto.of);
  }

  @ResolveField(() => [PlannedRunDto], {
    description: 'The runs to come, in order; while it is paused those it would have.',
  })
  nextRuns(
    @CurrentPrincipal() p: Principal,
    @Parent() { id }: ScheduleDto,
    @Args() { count }: PlannedRunsArgs,
    @Context() context: GraphqlContext,
  ): Promise<PlannedRunDto[]> {
    spendRows(context, count);
    return this.service.next(p, id, count);
  }

  @Mutation(() => ScheduleDto, { description: 'Has targets scanned again and again.' })
  async createSchedule(
    @CurrentPrincipal() p: Principal,
    @Args('input') input: CreateScheduleInput,
  ): Promise<ScheduleDto> {
    return ScheduleDto.of(await this.service.create(p, { name: input.name, ...scheduleSettings(input) }));
  }

  @Mutation(() => ScheduleDto, { description: 'Changes, pauses or resumes a schedule: what is left out stays.' })
  async updateSchedule(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, SCHEDULE_ID) id: string,
    @Args('input') input: UpdateScheduleInput,
  ): Promise<ScheduleDto> {
    const { name } = input;
    const changes = { ...(name != null && { name }), ...scheduleSettings(input) };
    return ScheduleDto.of(await this.service.update(p, id, changes));
  }

  @Mutation(() => ScheduleRunDto, { description: 'Runs a schedule now; its next run stays as it is.' })
  async runSchedule(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, SCHEDULE_ID) id: string,
  ): Promise<ScheduleRunDto> {
    return ScheduleRunDto.of(await this.service.runNow(p, id));
  }

  @Mutation(() => ID, { description: 'Deletes a schedule and its runs, not their scans; answers its id.' })
  async deleteSchedule(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, SCHEDULE_ID) id: string,
  ): Promise<string> {
    await this.service.delete(p, id);
    return id;
  }
}
