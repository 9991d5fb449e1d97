import { LogEvent } from './log-event.js';
import type { Burst, LogRule } from './log-rule.js';

/** What a rule found in one log. */
export interface RuleHit {
  rule: LogRule;
  /** Lines that match. */
  count: number;
  /** Milliseconds since 1970. */
  firstAt: number | null;
  lastAt: number | null;
  /** The first of them, as it is. */
  line: string;
}

/**
 * Matches rules over the lines of one log after another. Most lines have none of the texts that rules ask for: these are
 * looked for in the whole log first, and only rules of which one is there look at its lines.
 */
export class LogMatcher {
  private readonly anchors: string[];

  constructor(private readonly rules: readonly LogRule[]) {
    this.anchors = [...new Set(rules.flatMap(({ test }) => test.anchors ?? []))];
  }

  /** @param at milliseconds since 1970, or null; lines are in the order of their time */
  match(lines: readonly { text: string; at: number | null }[]): RuleHit[] {
    const joined = lines.map(({ text }) => text).join('\n');
    const whole = withoutEscapes(joined.toLowerCase());
    const present = new Set(this.anchors.filter((anchor) => whole.includes(anchor)));
    const rules = this.rules.flatMap((rule) => {
      const anchors = rule.test.anchors?.filter((anchor) => present.has(anchor)) ?? null;
      return anchors?.length === 0 ? [] : [{ rule, anchors }];
    });
    if (rules.length === 0) return [];
    const hits = new Map<LogRule, Hit>();
    for (const { text, at } of lines) {
      const event = new LogEvent(text);
      const plain = withoutEscapes(event.lower);
      for (const { rule, anchors } of rules) {
        if (anchors !== null && !anchors.some((anchor) => plain.includes(anchor))) continue;
        if (!rule.test.holds(event)) continue;
        const hit = hits.get(rule);
        if (hit) hit.add(at);
        else hits.set(rule, new Hit(rule, event.text, at));
      }
    }
    return [...hits.values()].filter(({ isWhole }) => isWhole).map((hit) => hit.result());
  }
}

/** Some write a slash in JSON with a backslash. */
function withoutEscapes(text: string): string {
  return text.includes('\\/') ? text.replaceAll('\\/', '/') : text;
}

class Hit {
  /** Whether there were enough lines in a short enough time. */
  isWhole: boolean;
  private count = 1;
  private lastAt: number | null;
  private readonly times: (number | null)[];

  constructor(
    private readonly rule: LogRule,
    private readonly line: string,
    private readonly firstAt: number | null,
  ) {
    this.lastAt = firstAt;
    this.times = [firstAt];
    this.isWhole = rule.burst === null || rule.burst.count <= 1;
  }

  add(at: number | null): void {
    this.count += 1;
    this.lastAt = at ?? this.lastAt;
    if (this.rule.burst !== null && !this.isWhole) this.isWhole = this.isBurst(at, this.rule.burst);
  }

  result(): RuleHit {
    const { rule, count, firstAt, lastAt, line } = this;
    return { rule, count, firstAt, lastAt, line };
  }

  /** Lines without a time count as if they came at once. */
  private isBurst(at: number | null, { count, withinMs }: Burst): boolean {
    this.times.push(at);
    if (this.times.length > count) this.times.shift();
    if (this.times.length < count) return false;
    const [first = null] = this.times;
    return first === null || at === null || at - first <= withinMs;
  }
}
