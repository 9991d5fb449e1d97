import { alphanumeric, assigned, dashed, hex, token, UUID } from '../rule-shape.js';
import type { SecretRule } from '../secret-rule.js';

const JFROG = ['jfrog', 'artifactory', 'bintray', 'xray'];
const PULL = { end: 'word', entropy: 4.5 } as const;

/** Continuous integration, package registries, quality and deployment. */
export const BUILD_RULES: readonly SecretRule[] = [
  token('artifactory-api-key', 'critical', 'Artifactory API key', 'AKCp', '[A-Za-z0-9]{69}', PULL),
  token('artifactory-reference-token', 'critical', 'Artifactory reference token', 'cmVmd', '[A-Za-z0-9]{59}', PULL),
  token('clojars-api-token', 'critical', 'Clojars token', 'CLOJARS_', alphanumeric(60), {
    ignoreCase: 'all',
    isWord: false,
    end: 'any',
    entropy: 2,
  }),
  assigned('codecov-access-token', 'medium', 'Codecov token', 'codecov', alphanumeric(32)),
  assigned('confluent-access-token', 'high', 'Confluent key', 'confluent', alphanumeric(16)),
  assigned('confluent-secret-key', 'critical', 'Confluent secret', 'confluent', alphanumeric(64)),
  token('doppler-api-token', 'critical', 'Doppler token', 'dp.pt.', alphanumeric(43), {
    ignoreCase: 'rest',
    isWord: false,
    end: 'any',
    entropy: 2,
  }),
  assigned('droneci-access-token', 'high', 'Drone CI token', 'droneci', alphanumeric(32)),
  token(
    'harness-api-key',
    'critical',
    'Harness key',
    ['pat.', 'sat.'],
    '[\\w-]{22}\\.[a-zA-Z0-9]{24}\\.[a-zA-Z0-9]{20}',
    {
      isWord: false,
      end: 'any',
    },
  ),
  token('infracost-api-token', 'medium', 'Infracost token', 'ico-', '[a-zA-Z0-9]{32}', { entropy: 3 }),
  assigned('jfrog-api-key', 'critical', 'JFrog API key', JFROG, alphanumeric(73)),
  assigned('jfrog-identity-token', 'critical', 'JFrog identity token', JFROG, alphanumeric(64)),
  assigned('launchdarkly-access-token', 'high', 'LaunchDarkly token', 'launchdarkly', dashed(40)),
  token('npm-access-token', 'critical', 'npm token', 'npm_', alphanumeric(36), { ignoreCase: 'all', entropy: 2 }),
  token('octopus-deploy-api-key', 'critical', 'Octopus Deploy key', 'API-', '[A-Z0-9]{26}', { entropy: 3 }),
  token('postman-api-token', 'high', 'Postman key', 'PMAK-', '[a-f0-9]{24}-[a-f0-9]{34}', {
    ignoreCase: 'rest',
    entropy: 3,
  }),
  token('prefect-api-token', 'high', 'Prefect token', 'pnu_', '[a-zA-Z0-9]{36}', { entropy: 2 }),
  token('pulumi-api-token', 'critical', 'Pulumi token', 'pul-', hex(40), { entropy: 2 }),
  token('pypi-upload-token', 'critical', 'PyPI upload token', 'pypi-AgEIcHlwaS5vcmc', '[\\w-]{50,1000}', {
    isWord: false,
    end: 'any',
    entropy: 3,
  }),
  token('readme-api-token', 'medium', 'ReadMe token', 'rdme_', alphanumeric(70), { entropy: 2 }),
  token('rubygems-api-token', 'critical', 'RubyGems token', 'rubygems_', hex(48), { entropy: 2 }),
  token('settlemint-application-access-token', 'high', 'SettleMint application token', 'sm_aat_', '[a-zA-Z0-9]{16}', {
    keywords: ['sm_aat'],
    entropy: 3,
  }),
  token('settlemint-personal-access-token', 'high', 'SettleMint personal token', 'sm_pat_', '[a-zA-Z0-9]{16}', {
    keywords: ['sm_pat'],
    entropy: 3,
  }),
  token('settlemint-service-access-token', 'high', 'SettleMint service token', 'sm_sat_', '[a-zA-Z0-9]{16}', {
    keywords: ['sm_sat'],
    entropy: 3,
  }),
  assigned(
    'snyk-api-token',
    'high',
    'Snyk token',
    { pattern: 'snyk[_.-]?(?:(?:api|oauth)[_.-]?)?(?:key|token)', anchors: ['snyk'], longer: 12 },
    UUID,
  ),
  assigned(
    'sonar-api-token',
    'high',
    'Sonar token',
    { pattern: 'sonar[_.-]?(?:login|token)', anchors: ['sonar'], longer: 6 },
    '(?:squ_|sqp_|sqa_)?[a-z0-9=_-]{40}',
  ),
  assigned('travisci-access-token', 'high', 'Travis CI token', 'travis', alphanumeric(22)),
];
