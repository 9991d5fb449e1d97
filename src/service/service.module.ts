import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { FilesModule } from '../files/files.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { StoreModule } from '../store/store.module.js';
import { AdvisoryService } from './advisory.service.js';
import { ControlService } from './control.service.js';
import { EventService } from './event.service.js';
import { FeedService } from './feed.service.js';
import { FindingService } from './finding.service.js';
import { HealthService } from './health.service.js';
import { HistoryService } from './history.service.js';
import { HostService } from './host.service.js';
import { MatchService } from './match.service.js';
import { RegistryService } from './registry.service.js';
import { ReportService } from './report.service.js';
import { SbomService } from './sbom.service.js';
import { ScanService } from './scan.service.js';
import { TargetService } from './target.service.js';
import { TokenService } from './token.service.js';
import { UploadService } from './upload.service.js';
import { VexService } from './vex.service.js';
import { WhyService } from './why.service.js';

const SERVICES = [
  AdvisoryService,
  ControlService,
  EventService,
  FeedService,
  FindingService,
  HealthService,
  HistoryService,
  HostService,
  MatchService,
  RegistryService,
  ReportService,
  SbomService,
  ScanService,
  TargetService,
  TokenService,
  UploadService,
  VexService,
  WhyService,
];

@Module({ imports: [CryptoModule, StoreModule, QueueModule, FilesModule], providers: SERVICES, exports: SERVICES })
export class ServiceModule {}
