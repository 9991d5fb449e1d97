import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { FilesModule } from '../files/files.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { StoreModule } from '../store/store.module.js';
import { ClusterReader } from './cluster-reader.js';
import { EndOfLifeSync } from './feed/endoflife.sync.js';
import { FeedSyncs } from './feed/feed-syncs.js';
import { OsvSync } from './feed/osv.sync.js';
import { FeedRunner } from './feed.runner.js';
import { FeedScheduler } from './feed-scheduler.js';
import { HostReader } from './host-reader.js';
import { Housekeeping } from './housekeeping.js';
import { ImageReader } from './image-reader.js';
import { ImagesInUse } from './images-in-use.js';
import { JobWorkers } from './job-workers.js';
import { StoredLayerCache } from './layer-cache.js';
import { RegistryAccesses } from './registry-accesses.js';
import { RejudgeTrigger } from './rejudge-trigger.js';
import { Rejudger } from './rejudger.js';
import { RepositoryRuns } from './repository-runs.js';
import { ScanRunner } from './scan.runner.js';
import { Sweeper } from './sweeper.js';

@Module({
  imports: [CryptoModule, StoreModule, QueueModule, FilesModule],
  providers: [
    ClusterReader,
    EndOfLifeSync,
    FeedRunner,
    FeedScheduler,
    FeedSyncs,
    Housekeeping,
    HostReader,
    ImageReader,
    ImagesInUse,
    JobWorkers,
    OsvSync,
    RegistryAccesses,
    Rejudger,
    RejudgeTrigger,
    RepositoryRuns,
    ScanRunner,
    StoredLayerCache,
    Sweeper,
  ],
})
export class WorkerModule {}
