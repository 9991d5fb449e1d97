import { AdvisoryController } from './rest/advisory.controller.js';
import { ClusterController } from './rest/cluster.controller.js';
import { ControlController } from './rest/control.controller.js';
import { EventController } from './rest/event.controller.js';
import { FeedController } from './rest/feed.controller.js';
import { FindingController } from './rest/finding.controller.js';
import { HealthController } from './rest/health.controller.js';
import { HistoryController } from './rest/history.controller.js';
import { HostController } from './rest/host.controller.js';
import { MatchController } from './rest/match.controller.js';
import { MetricsController } from './rest/metrics.controller.js';
import { RegistryController } from './rest/registry.controller.js';
import { ScanController } from './rest/scan.controller.js';
import { ScheduleController } from './rest/schedule.controller.js';
import { TargetController } from './rest/target.controller.js';
import { UploadController } from './rest/upload.controller.js';
import { VexController } from './rest/vex.controller.js';

/** Everything that the REST API is made of. */
export const CONTROLLERS = [
  AdvisoryController,
  ClusterController,
  ControlController,
  EventController,
  FeedController,
  FindingController,
  HealthController,
  HistoryController,
  HostController,
  MatchController,
  MetricsController,
  RegistryController,
  ScanController,
  ScheduleController,
  TargetController,
  UploadController,
  VexController,
];
