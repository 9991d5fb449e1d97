import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { FilesModule } from '../files/files.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { StoreModule } from '../store/store.module.js';
import { AdvisoryService } from './advisory.service.js';
import { CheckpointService } from './checkpoint.service.js';
import { ClusterService } from './cluster.service.js';
import { ControlService } from './control.service.js';
import { EventService } from './event.service.js';
import { FeedService } from './feed.service.js';
import { FindingService } from './finding.service.js';
import { GraphService } from './graph.service.js';
import { HealthService } from './health.service.js';
import { HistoryService } from './history.service.js';
import { HostService } from './host.service.js';
import { MatchService } from './match.service.js';
import { RegistryService } from './registry.service.js';
import { RejudgeService } from './rejudge.service.js';
import { ReportService } from './report.service.js';
import { SbomService } from './sbom.service.js';
import { ScanService } from './scan.service.js';
import { ScheduleService } from './schedule.service.js';
import { TargetService } from './target.service.js';
import { TokenService } from './token.service.js';
import { UploadService } from './upload.service.js';
import { VexService } from './vex.service.js';
import { WhyService } from './why.service.js';

const SERVICES = [
  AdvisoryService,
  CheckpointService,
  ClusterService,
  ControlService,
  EventService,
  FeedService,
  FindingService,
  GraphService,
  HealthService,
  HistoryService,
  HostService,
  MatchService,
  RegistryService,
  RejudgeService,
  ReportService,
  SbomService,
  ScanService,
  ScheduleService,
  TargetService,
  TokenService,
  UploadService,
  VexService,
  WhyService,
];

@Module({ imports: [CryptoModule, StoreModule, QueueModule, FilesModule], providers: SERVICES, exports: SERVICES })
export class ServiceModule {}
