import { alphanumeric, assigned, assignment, cased, dashed, hex, prefixed, rule, token } from '../rule-shape.js';
import type { Allowance, SecretRule } from '../secret-rule.js';

/** A page that explains these tokens by an example. */
const OCTOKIT: readonly Allowance[] = [{ paths: /(?:^|\/)@octokit\/auth-token\/README\.md$/ }];

const GITHUB = '[0-9a-zA-Z]{36}';
const GITLAB = '[0-9a-zA-Z_-]{20}';
const OPEN = { entropy: 3, isWord: false, end: 'any' } as const;

/** Where code and its issues live. */
export const SOURCE_CONTROL_RULES: readonly SecretRule[] = [
  rule(
    'atlassian-api-token',
    'critical',
    'Atlassian API token',
    [
      assignment(cased('atlassian', 'confluence', 'jira'), '[a-z0-9]{20}[a-f0-9]{4}'),
      prefixed('ATATT3', '[A-Za-z0-9_=-]{186}', { ignoreCase: 'all' }),
    ],
    { keywords: ['atlassian', 'confluence', 'jira', 'atatt3'], entropy: 3.5 },
  ),
  assigned('bitbucket-client-id', 'low', 'Bitbucket client ID', 'bitbucket', alphanumeric(32)),
  assigned('bitbucket-client-secret', 'critical', 'Bitbucket client secret', 'bitbucket', dashed(64)),
  token('github-app-token', 'high', 'GitHub App token', ['ghu_', 'ghs_'], GITHUB, { ...OPEN, allowances: OCTOKIT }),
  token('github-fine-grained-pat', 'critical', 'GitHub fine-grained token', 'github_pat_', '\\w{82}', OPEN),
  token('github-oauth', 'critical', 'GitHub OAuth token', 'gho_', GITHUB, OPEN),
  token('github-pat', 'critical', 'GitHub personal token', 'ghp_', GITHUB, { ...OPEN, allowances: OCTOKIT }),
  token('github-refresh-token', 'critical', 'GitHub refresh token', 'ghr_', GITHUB, OPEN),
  token('gitlab-cicd-job-token', 'high', 'GitLab job token', 'glcbt-', `[0-9a-zA-Z]{1,5}_${GITLAB}`, OPEN),
  token('gitlab-deploy-token', 'critical', 'GitLab deploy token', 'gldt-', GITLAB, OPEN),
  token('gitlab-feature-flag-client-token', 'medium', 'GitLab feature flag token', 'glffct-', GITLAB, OPEN),
  token('gitlab-feed-token', 'high', 'GitLab feed token', 'glft-', GITLAB, OPEN),
  token('gitlab-incoming-mail-token', 'high', 'GitLab incoming mail token', 'glimt-', '[0-9a-zA-Z_-]{25}', OPEN),
  token('gitlab-kubernetes-agent-token', 'critical', 'GitLab agent token', 'glagent-', '[0-9a-zA-Z_-]{50}', OPEN),
  token('gitlab-oauth-app-secret', 'critical', 'GitLab OAuth secret', 'gloas-', '[0-9a-zA-Z_-]{64}', OPEN),
  token('gitlab-pat', 'critical', 'GitLab personal token', 'glpat-', '[\\w-]{20}', OPEN),
  token(
    'gitlab-pat-routable',
    'critical',
    'GitLab personal token, routable',
    'glpat-',
    '[0-9a-zA-Z_-]{27,300}\\.[0-9a-z]{9}',
    {
      entropy: 4,
      end: 'word',
    },
  ),
  token('gitlab-ptt', 'critical', 'GitLab pipeline trigger token', 'glptt-', '[0-9a-f]{40}', OPEN),
  token('gitlab-rrt', 'critical', 'GitLab runner registration token', 'GR1348941', '[\\w-]{20}', OPEN),
  token('gitlab-runner-authentication-token', 'critical', 'GitLab runner token', 'glrt-', GITLAB, OPEN),
  token(
    'gitlab-runner-authentication-token-routable',
    'critical',
    'GitLab runner token, routable',
    'glrt-',
    't\\d_[0-9a-zA-Z_-]{27,300}\\.[0-9a-z]{9}',
    { entropy: 4, end: 'word' },
  ),
  token('gitlab-scim-token', 'critical', 'GitLab SCIM token', 'glsoat-', GITLAB, OPEN),
  token('gitlab-session-cookie', 'high', 'GitLab session cookie', '_gitlab_session=', '[0-9a-z]{32}', OPEN),
  assigned('gitter-access-token', 'medium', 'Gitter token', 'gitter', '[a-z0-9_-]{40}'),
  token('linear-api-key', 'high', 'Linear key', 'lin_api_', alphanumeric(40), {
    ...OPEN,
    ignoreCase: 'rest',
    entropy: 2,
  }),
  assigned('linear-client-secret', 'high', 'Linear client secret', 'linear', hex(32), { entropy: 2 }),
  rule(
    'sourcegraph-access-token',
    'high',
    'Sourcegraph token',
    [
      {
        kind: 'nearby',
        anchors: ['sgp_', 'sourcegraph'],
        pattern: /\b((?:sgp_(?:(?:[a-f0-9]{16}|local)_)?)?[a-f0-9]{40})\b(?:[\x60'"\t\n\f\r ;]|\\[nr]|$)/gi,
      },
    ],
    { keywords: ['sgp_', 'sourcegraph'], entropy: 3 },
  ),
];
