import {
  type DynamicModule,
  type INestApplicationContext,
  Inject,
  Injectable,
  Module,
  type OnModuleInit,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { createApiApp } from './api/create-app.js';
import { AppModule } from './app.module.js';
import type { Config } from './config/config.js';
import { FilesModule } from './files/files.module.js';
import { TemporaryFiles } from './files/temporary-files.js';
import { CheckpointService } from './service/checkpoint.service.js';
import { ServiceModule } from './service/service.module.js';
import { TokenService } from './service/token.service.js';
import { FeedStore } from './store/feed.store.js';
import { ScanClaimStore } from './store/scan-claim.store.js';
import { StoreModule } from './store/store.module.js';

/** The modules of a role, started: jobs are taken as soon as this is there, requests after `listen`. */
export interface Application {
  /** Resolves to the URL; null for a worker, which answers nobody. */
  listen(): Promise<string | null>;
  close(): Promise<void>;
}

export interface FirstStepsOptions {
  /** No other process uses the database. */
  isEmbedded: boolean;
  /** The operator's token; null for a worker, which asks for none. */
  token: string | null;
}

/** Migrates the database, then starts what the configured role needs. */
export async function openApplication(config: Config, options: FirstStepsOptions): Promise<Application> {
  const module = FirstSteps.before(config, options);
  if (config.role === 'worker') {
    const worker = await startWorker(module);
    return { listen: async () => null, close: () => worker.close() };
  }
  const api = await createApiApp(module, config);
  return {
    async listen() {
      await api.listen(config.port, config.host);
      return urlOf(api, config.host);
    },
    close: () => api.close(),
  };
}

async function startWorker(module: DynamicModule): Promise<INestApplicationContext> {
  const worker = await NestFactory.createApplicationContext(module, { bufferLogs: true, abortOnError: false });
  worker.useLogger(worker.get(Logger));
  return worker;
}

function urlOf(app: NestFastifyApplication, host: string): string {
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${reachable}:${port}`;
}

const OPTIONS = Symbol('first steps');

/** What has to be done after the migrations and before the first job or request. */
@Injectable()
class FirstStepsTaker implements OnModuleInit {
  constructor(
    @Inject(OPTIONS) private readonly options: FirstStepsOptions,
    private readonly tokens: TokenService,
    private readonly checkpoints: CheckpointService,
    private readonly scans: ScanClaimStore,
    private readonly feeds: FeedStore,
    private readonly temporaryFiles: TemporaryFiles,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.options.token !== null) await this.tokens.ensureAdmin(this.options.token);
    await this.checkpoints.ensureKey();
    // With an embedded database there is no other worker: who held a lease, or wrote a temporary file, is dead.
    if (!this.options.isEmbedded) return;
    await this.scans.releaseLeases();
    await this.feeds.suspendAll();
    await this.temporaryFiles.removeAll();
  }
}

@Module({})
class FirstSteps {
  static before(config: Config, options: FirstStepsOptions): DynamicModule {
    return {
      module: FirstSteps,
      imports: [AppModule.for(config), FilesModule, ServiceModule, StoreModule],
      providers: [{ provide: OPTIONS, useValue: options }, FirstStepsTaker],
    };
  }
}
