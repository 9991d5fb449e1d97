import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config/config.js';
import { AdvisoryStore } from './advisory.store.js';
import { AdvisoryLookupStore } from './advisory-lookup.store.js';
import { ClusterStore } from './cluster.store.js';
import { ControlStore } from './control.store.js';
import { createDataSource, Database } from './database.js';
import { EventStore } from './event.store.js';
import { FeedStore } from './feed.store.js';
import { FindingStore } from './finding.store.js';
import { FindingContextStore } from './finding-context.store.js';
import { HistoryStore } from './history.store.js';
import { HostStore } from './host.store.js';
import { InventoryStore } from './inventory.store.js';
import { LayerStore } from './layer.store.js';
import { LifecycleStore } from './lifecycle.store.js';
import { RegistryStore } from './registry.store.js';
import { RejudgeStore } from './rejudge.store.js';
import { RejudgingStateStore } from './rejudging-state.store.js';
import { ScanStore } from './scan.store.js';
import { ScanClaimStore } from './scan-claim.store.js';
import { ScanResultStore } from './scan-result.store.js';
import { ScheduleStore } from './schedule.store.js';
import { ScoreStore } from './score.store.js';
import { SigningKeyStore } from './signing-key.store.js';
import { TargetStore } from './target.store.js';
import { TokenStore } from './token.store.js';
import { UploadStore } from './upload.store.js';
import { VexStore } from './vex.store.js';

const STORES = [
  AdvisoryLookupStore,
  AdvisoryStore,
  ClusterStore,
  ControlStore,
  Database,
  EventStore,
  FeedStore,
  FindingContextStore,
  FindingStore,
  HistoryStore,
  HostStore,
  InventoryStore,
  LayerStore,
  LifecycleStore,
  RegistryStore,
  RejudgeStore,
  RejudgingStateStore,
  ScanClaimStore,
  ScanResultStore,
  ScanStore,
  ScheduleStore,
  ScoreStore,
  SigningKeyStore,
  TargetStore,
  TokenStore,
  UploadStore,
  VexStore,
];

@Module({
  providers: [
    {
      provide: DataSource,
      inject: [CONFIG],
      useFactory: ({ databaseUrl }: Config) => {
        if (databaseUrl === null) throw new Error('no database URL: the embedded database has not started');
        return createDataSource(databaseUrl);
      },
    },
    ...STORES,
  ],
  exports: STORES,
})
export class StoreModule {}
