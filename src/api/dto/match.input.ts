import { InputType } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString } from 'class-validator';
import { Property } from './property.js';

/** Packages of one request. */
export const MAX_PACKAGES = 10_000;

const LIST = `expected a list of 1 to ${MAX_PACKAGES} package URLs`;

@InputType('MatchInput')
@ApiSchema({ name: 'MatchInput' })
export class MatchInput {
  @Property([String], {
    description: `Package URLs with versions, at most ${MAX_PACKAGES}. Packages of a distribution need \`distro\`, and \`upstream\` where their source package has another name.`,
    example: ['pkg:npm/lodash@4.17.15', 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?distro=debian-12&upstream=openssl'],
    schema: { minItems: 1, maxItems: MAX_PACKAGES },
  })
  @IsArray({ message: LIST })
  @ArrayMinSize(1, { message: LIST })
  @ArrayMaxSize(MAX_PACKAGES, { message: LIST })
  @IsString({ each: true, message: 'expected texts' })
  packages: string[];
}
