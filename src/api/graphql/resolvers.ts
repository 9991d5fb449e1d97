import { AdvisoryResolver } from './advisory.resolver.js';
import { ClusterResolver } from './cluster.resolver.js';
import { ControlResolver } from './control.resolver.js';
import { EventResolver } from './event.resolver.js';
import { FeedResolver } from './feed.resolver.js';
import { FindingResolver } from './finding.resolver.js';
import { ScanDifferenceResolver, TargetHistoryResolver } from './history.resolver.js';
import { HostResolver } from './host.resolver.js';
import { RegistryResolver } from './registry.resolver.js';
import { ScanResolver } from './scan.resolver.js';
import { ScheduleResolver } from './schedule.resolver.js';
import { TargetResolver } from './target.resolver.js';
import { VexResolver } from './vex.resolver.js';

/** Everything that the schema is made of. */
export const RESOLVERS = [
  AdvisoryResolver,
  ClusterResolver,
  ControlResolver,
  EventResolver,
  FeedResolver,
  FindingResolver,
  HostResolver,
  RegistryResolver,
  ScanDifferenceResolver,
  ScanResolver,
  ScheduleResolver,
  TargetHistoryResolver,
  TargetResolver,
  VexResolver,
];
