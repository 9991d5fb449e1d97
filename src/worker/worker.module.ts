import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { StoreModule } from '../store/store.module.js';
import { FeedRunner } from './feed.runner.js';
import { Housekeeping } from './housekeeping.js';
import { JobWorkers } from './job-workers.js';
import { StoredLayerCache } from './layer-cache.js';
import { ScanRunner } from './scan.runner.js';
import { Sweeper } from './sweeper.js';

@Module({
  imports: [StoreModule, QueueModule, FilesModule],
  providers: [FeedRunner, Housekeeping, JobWorkers, ScanRunner, StoredLayerCache, Sweeper],
})
export class WorkerModule {}
