import { Int } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { Exposed, RunningImage, RunningWorkload, WorkloadExposure } from '../../model/cluster/running-workload.js';
import { ImageAuditDto } from './container.dto.js';
import { Exposures } from './enumerations.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';

@Shape('WorkloadExposure', 'A way from outside a cluster to a workload.')
class WorkloadExposureDto {
  @Property(String, { description: 'What kind of way it is.', example: 'NodePort' })
  how: string;

  @Property(String, { description: 'What opens it.', example: 'Service/shop/web' })
  by: string;

  @Property(String, {
    description: '`internet`, or `network`: from wherever a node or a private address can be reached.',
  })
  from: WorkloadExposure['from'];

  @Property(String, { description: '`yes`; or `maybe`, where policies let some addresses in, or cannot be told.' })
  isReached: WorkloadExposure['isReached'];

  @Property(String, { description: 'From where to where.', example: 'tcp 80 → 8080' })
  ports: string;
}

@Shape('RunningImage', 'An image that a container of a workload runs, or would run.')
class RunningImageDto {
  @Property(String, { description: 'The container.' })
  container: string;

  @Property(String, { description: 'As the runtime names it, or as it was asked for.', example: 'nginx:1.27' })
  image: string;

  @Property(String, { description: 'That the runtime tells; null where it does not.', nullable: true })
  digest: string | null;

  @Property(ImageAuditDto, {
    description: 'What is known of it now; null for one that was never audited.',
    nullable: true,
  })
  audit: ImageAuditDto | null;

  static of({ container, image, digest, audit }: RunningImage): RunningImageDto {
    return Object.assign(new RunningImageDto(), { container, image, digest, audit: audit && ImageAuditDto.of(audit) });
  }
}

@Shape('Workload', 'A workload of a cluster, with what is known of its images now.')
export class WorkloadDto {
  @Property(String, { description: 'As findings name it.', example: 'Deployment/shop/web' })
  resource: string;

  @Property(String, { description: 'Of the object that makes its pods, or the pod.', example: 'Deployment' })
  kind: string;

  @Property(String, { description: 'Where it is.', nullable: true })
  namespace: string | null;

  @Property(String, { description: 'Its name.' })
  name: string;

  @Property(Int, { description: 'How many pods it has; 0 in manifests.' })
  pods: number;

  @Property(String, { description: 'Whose rights its pods have.' })
  serviceAccount: string;

  @Property(Exposures, { description: 'Whether somebody outside the cluster reaches it.' })
  exposed: Exposed;

  @Property([WorkloadExposureDto], { description: 'How.' })
  exposures: WorkloadExposureDto[];

  @Property([RunningImageDto], { description: 'Of its containers, each once.' })
  images: RunningImageDto[];

  @Property(Boolean, {
    description:
      'Whether an image of it has open vulnerabilities. Null: not every image was audited, wholly and by its digest.',
    nullable: true,
  })
  exploitable: boolean | null;

  static of(workload: RunningWorkload): WorkloadDto {
    const { resource, kind, namespace, name, pods, serviceAccount, exposed, exploitable } = workload;
    return Object.assign(new WorkloadDto(), {
      ...{ resource, kind, namespace, name, pods, serviceAccount, exposed, exploitable },
      exposures: workload.exposures.map((each) => Object.assign(new WorkloadExposureDto(), each)),
      images: workload.images.map(RunningImageDto.of),
    });
  }
}

@ApiSchema({ name: 'WorkloadPage' })
export class WorkloadPageDto extends PageOf(WorkloadDto) {}
