import type { Judgement } from '../../model/finding.js';
import type { FoundSecret } from '../../model/secret.js';
import { fingerprint } from '../matcher/fingerprint.js';
import { secretRule } from './secret-rules.js';

/**
 * One judgement for each secret in each file. The fingerprint is of rule, path and value: a secret stays the same when
 * lines above it change and when the image is built again, and another value in its place is another finding.
 */
export function judgeSecrets(secrets: readonly FoundSecret[]): Judgement[] {
  return secrets.flatMap((secret) => {
    const { ruleId, path, line, layer, hint, hash } = secret;
    const rule = secretRule(ruleId);
    // A rule that is there no more: its secrets are looked for again when the layer is read by the new rules.
    if (!rule) return [];
    return [
      {
        fingerprint: fingerprint('secret', ruleId, JSON.stringify([path, hash])),
        kind: 'secret',
        ruleId,
        aliases: [],
        advisories: [],
        title: `${rule.title}: ${hint}`,
        severity: rule.severity,
        severitySource: 'plimsoll',
        cvss: null,
        ratings: [],
        status: 'open',
        package: null,
        fixedVersion: null,
        fixState: 'unknown',
        location: path.startsWith('/')
          ? { path, line, layer, resource: null }
          : { path: null, line: null, layer: null, resource: path },
      },
    ];
  });
}
