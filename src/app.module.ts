import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ApiModule } from './api/api.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { loggerOptions } from './log/logger-options.js';
import { WorkerModule } from './worker/worker.module.js';

/** The whole service, or one half of it: the layers' modules that a role needs. */
@Module({})
export class AppModule {
  static for(config: Config): DynamicModule {
    const roles = { all: [ApiModule, WorkerModule], api: [ApiModule], worker: [WorkerModule] };
    return {
      module: AppModule,
      imports: [ConfigModule.for(config), LoggerModule.forRoot(loggerOptions(config)), ...roles[config.role]],
    };
  }
}
