import { ApiSchema } from '@nestjs/swagger';
import type { Package, PackageType, SourcePackage } from '../../model/package.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';

@Shape('SourcePackage', 'What a package was built from.')
export class SourcePackageDto {
  @Property(String, { description: 'Of the source package.', example: 'openssl' })
  name: string;

  @Property(String, { description: 'Of the source package.', example: '3.0.2-0ubuntu1.10' })
  version: string;

  static of(source: SourcePackage): SourcePackageDto {
    return Object.assign(new SourcePackageDto(), { name: source.name, version: source.version });
  }
}

@Shape('PackageLocation', 'Where a package was found.')
export class PackageLocationDto {
  @Property(String, { description: 'The file that lists it.', example: '/lib/apk/db/installed' })
  path: string;

  @Property(String, { description: 'Diff ID of the layer that brought it.', nullable: true, example: 'sha256:9f86…' })
  layer: string | null;
}

@Shape('Package', 'One installed package.')
export class PackageDto {
  @Property(String, { description: 'Package URL.', example: 'pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1.10?arch=amd64' })
  purl: string;

  @Property(String, { description: 'purl type.', example: 'deb' })
  type: PackageType;

  @Property(String, {
    description: 'Where its advisories come from; null for an unknown distribution.',
    nullable: true,
    example: 'Ubuntu:22.04:LTS',
  })
  ecosystem: string | null;

  @Property(String, { description: 'As the package manager names it.', example: 'libssl3' })
  name: string;

  @Property(String, { description: 'As the package manager prints it.', example: '3.0.2-0ubuntu1.10' })
  version: string;

  @Property(SourcePackageDto, { description: 'Null where the ecosystem has none.', nullable: true })
  source: SourcePackageDto | null;

  @Property(String, { description: 'As the package manager names it.', nullable: true, example: 'amd64' })
  architecture: string | null;

  @Property([String], { description: 'As the package says: SPDX expressions or names.' })
  licenses: string[];

  @Property(String, {
    description: 'Modularity label of an rpm; null for any other.',
    nullable: true,
    example: 'nodejs:18:8080020230718:63b34585',
  })
  module: string | null;

  @Property([PackageLocationDto], { description: 'Where it was found.' })
  locations: PackageLocationDto[];

  static of(found: Package): PackageDto {
    return Object.assign(new PackageDto(), {
      purl: found.purl,
      type: found.type,
      ecosystem: found.ecosystem,
      name: found.name,
      version: found.version,
      source: found.source && SourcePackageDto.of(found.source),
      architecture: found.architecture,
      licenses: found.licenses,
      module: found.module,
      locations: found.locations.map(({ path, layer }) => ({ path, layer })),
    });
  }
}

@ApiSchema({ name: 'PackagePage' })
export class PackagePageDto extends PageOf(PackageDto) {}
