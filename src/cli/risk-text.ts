import type { Risk } from '../model/risk.js';
import type { Epss, KnownExploited } from '../model/score.js';

/** `risk: 78 of 100 = (severity 37.5 + exploitation 30 + known to be exploited 15) × exposure 0.9`, then what is known. */
export function riskLines({ score, parts, epss, kev }: Risk): string[] {
  const { severity, exploitation, knownExploited, exposure } = parts;
  const points = `severity ${severity} + exploitation ${exploitation} + known to be exploited ${knownExploited}`;
  return [`risk: ${score} of 100 = (${points}) × exposure ${exposure}`, ...scoreLines({ epss, kev })];
}

/** What EPSS and CISA say; nothing where they say nothing. */
export function scoreLines({ epss, kev }: { epss: Epss | null; kev: KnownExploited | null }): string[] {
  const lines: string[] = [];
  if (epss) {
    const rank = `no less likely than ${Math.floor(epss.percentile * 1000) / 10} % of all`;
    lines.push(`EPSS: ${epss.probability} within 30 days, ${rank} (${epss.date})`);
  }
  if (kev) {
    const due = kev.dueDate === null ? '' : `, to be fixed by ${kev.dueDate}`;
    const ransomware = kev.ransomware ? ', used by ransomware' : '';
    lines.push(`EXPLOITED, as CISA knows since ${kev.dateAdded}${due}${ransomware}`);
  }
  return lines;
}
