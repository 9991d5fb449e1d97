import { Float, Int } from '@nestjs/graphql';
import type { Risk } from '../../model/risk.js';
import type { Epss, KnownExploited } from '../../model/score.js';
import { Property, Shape } from './property.js';

@Shape('Epss', "FIRST's prediction of exploitation.")
export class EpssDto {
  @Property(Float, { description: 'That it is exploited within 30 days, 0 to 1.', example: 0.94358 })
  probability: number;

  @Property(Float, { description: 'The share of CVEs with the same or a lower probability, 0 to 1.', example: 0.99956 })
  percentile: number;

  @Property(String, { description: 'Day of the scores.', example: '2026-11-23' })
  date: string;

  static of({ probability, percentile, date }: Epss): EpssDto {
    return Object.assign(new EpssDto(), { probability, percentile, date });
  }
}

@Shape('KnownExploited', "An entry of CISA's catalog of Known Exploited Vulnerabilities.")
export class KnownExploitedDto {
  @Property(String, { description: 'Day.', example: '2021-12-10' })
  dateAdded: string;

  @Property(String, {
    description: 'By when federal agencies of the United States have to act.',
    nullable: true,
    example: '2021-12-24',
  })
  dueDate: string | null;

  @Property(Boolean, { description: 'Whether ransomware campaigns are known to use it.' })
  ransomware: boolean;

  static of({ dateAdded, dueDate, ransomware }: KnownExploited): KnownExploitedDto {
    return Object.assign(new KnownExploitedDto(), { dateAdded, dueDate, ransomware });
  }
}

@Shape('RiskParts', 'The sum of the first three times the last is the score.')
export class RiskPartsDto {
  @Property(Float, { description: '0 to 50: how bad it is.', example: 49 })
  severity: number;

  @Property(Float, { description: '0 to 30: how likely exploitation is.', example: 28.9 })
  exploitation: number;

  @Property(Float, { description: '0 to 20: whether exploitation was seen.', example: 20 })
  knownExploited: number;

  @Property(Float, { description: '0.6 to 1: from where the target can be reached.', example: 0.9 })
  exposure: number;
}

@Shape('Risk', 'How urgent it is, by the scores of now.')
export class RiskDto {
  @Property(Int, { description: '0 to 100.', example: 88 })
  score: number;

  @Property(RiskPartsDto, { description: 'What it is made of.' })
  parts: RiskPartsDto;

  @Property(EpssDto, { description: 'Null when EPSS does not know it.', nullable: true })
  epss: EpssDto | null;

  @Property(KnownExploitedDto, { description: 'Null when CISA does not list it.', nullable: true })
  kev: KnownExploitedDto | null;

  static of({ score, parts, epss, kev }: Risk): RiskDto {
    return Object.assign(new RiskDto(), {
      score,
      parts: Object.assign(new RiskPartsDto(), parts),
      epss: epss && EpssDto.of(epss),
      kev: kev && KnownExploitedDto.of(kev),
    });
  }
}
