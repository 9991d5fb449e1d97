import { ID, Int } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { AuditedContainer, AuditStatus, ImageAudit } from '../../model/host/audited-container.js';
import { AuditStatuses } from './enumerations.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';
import { SeverityCountsDto } from './scan.dto.js';

@Shape('ImageAudit', 'What the newest scan of an image, and advisories since, say of it.')
export class ImageAuditDto {
  @Property(ID, { description: 'Of the image as a target.' })
  targetId: string;

  @Property(ID, { description: 'Of its newest scan.' })
  scanId: string;

  @Property(String, {
    description: 'As the newest scan asked for it.',
    example: 'docker://docker.io/library/nginx:1.25',
  })
  reference: string;

  @Property(Date, { description: 'When that scan ended.' })
  scannedAt: Date;

  @Property(String, {
    description:
      '`digest`: it is this very image; `index`: it is of the same index, and may be for another platform; `reference`: it has the same name, and may be another build.',
  })
  matchedBy: ImageAudit['matchedBy'];

  @Property(Boolean, { description: 'Whether the scan could examine everything.' })
  complete: boolean;

  @Property(SeverityCountsDto, { description: 'Findings that are neither fixed nor suppressed.' })
  counts: SeverityCountsDto;

  @Property(Int, { description: 'Open vulnerabilities.' })
  vulnerabilities: number;

  @Property(Int, { description: 'Those of them that CISA knows to be exploited.' })
  knownExploited: number;

  @Property(Int, { description: 'Vulnerabilities that could not be decided.' })
  undetermined: number;

  static of(audit: ImageAudit): ImageAuditDto {
    const { targetId, scanId, reference, scannedAt, matchedBy, complete, counts } = audit;
    const { vulnerabilities, knownExploited, undetermined } = audit;
    return Object.assign(new ImageAuditDto(), {
      ...{ targetId, scanId, reference, scannedAt, matchedBy, complete },
      ...{ vulnerabilities, knownExploited, undetermined },
      counts: Object.assign(new SeverityCountsDto(), counts),
    });
  }
}

@Shape('Container', 'A container of a host, with what is known of its image now.')
export class ContainerDto {
  @Property(String, { description: 'Of the engine.' })
  id: string;

  @Property(String, { description: 'Its name.', example: 'web' })
  name: string;

  @Property(String, { description: 'Its image, as it was asked for.', example: 'nginx:1.25' })
  image: string;

  @Property(String, { description: 'As the engine calls the image.', example: 'sha256:…' })
  imageId: string;

  @Property([String], { description: 'Under which registries know the image.', example: ['nginx@sha256:…'] })
  imageDigests: string[];

  @Property(String, { description: 'As the engine has it.', example: 'running' })
  status: string;

  @Property(String, { description: 'That it runs as; empty for the image’s own.' })
  user: string;

  @Property(Boolean, { description: 'Whether nothing keeps it apart from the host.' })
  privileged: boolean;

  @Property(String, { description: 'As the engine tells it.' })
  createdAt: string;

  @Property(ImageAuditDto, { description: 'Of its image; null for one that was never audited.', nullable: true })
  audit: ImageAuditDto | null;

  @Property(AuditStatuses, { description: 'Whether its image was audited, and why not.' })
  auditStatus: AuditStatus;

  @Property(ID, {
    description: 'The newest scan that was asked for of this very image; null: none was.',
    nullable: true,
  })
  imageScanId: string | null;

  @Property(Boolean, {
    description:
      'Whether its image has open vulnerabilities. Null: it is not known, as the image was not audited, or not wholly, or only by its name or index.',
    nullable: true,
  })
  exploitable: boolean | null;

  static of(container: AuditedContainer): ContainerDto {
    const { id, name, image, imageId, imageDigests, status, user, privileged, createdAt } = container;
    const { auditStatus, imageScanId, exploitable } = container;
    return Object.assign(new ContainerDto(), {
      ...{ id, name, image, imageId, imageDigests, status, user, privileged, createdAt },
      ...{ auditStatus, imageScanId, exploitable },
      audit: container.audit && ImageAuditDto.of(container.audit),
    });
  }
}

@ApiSchema({ name: 'ContainerPage' })
export class ContainerPageDto extends PageOf(ContainerDto) {}
