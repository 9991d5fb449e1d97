import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { Re2Pattern } from './re2-pattern.js';

const Strings = z.array(z.string()).default([]);

const AllowlistSchema = z.object({
  condition: z.enum(['AND', 'OR']).default('OR'),
  regexTarget: z.enum(['secret', 'match', 'line']).default('secret'),
  paths: Strings,
  regexes: Strings,
  stopwords: Strings,
});

const RuleSchema = z.object({
  id: z.string(),
  regex: z.string().optional(),
  path: z.string().optional(),
  secretGroup: z.number().default(0),
  entropy: z.number().default(0),
  keywords: Strings,
  allowlists: z.array(AllowlistSchema).default([]),
});

const ConfigSchema = z.object({ allowlist: AllowlistSchema, rules: z.array(RuleSchema) });

interface Allowlist {
  all: boolean;
  target: 'secret' | 'match' | 'line';
  paths: RegExp | null;
  regexes: RegExp | null;
  stopwords: string[];
}

export interface GitleaksRule {
  id: string;
  pattern: Re2Pattern | null;
  regex: RegExp | null;
  path: Re2Pattern | null;
  pathRegex: RegExp | null;
  secretGroup: number;
  entropy: number;
  keywords: string[];
  allowlists: Allowlist[];
}

interface Finding {
  id: string;
  line: number;
  secret: string;
}

/** What gitleaks 8 finds in a text of ASCII, without decoding: slow, and written to be compared with. */
export class Gitleaks {
  readonly rules: GitleaksRule[];
  private readonly paths: string[];
  private readonly allowlist: Allowlist;

  /** @param file a configuration in TOML */
  constructor(file: string) {
    const config = ConfigSchema.parse(parse(readFileSync(file, 'utf8')));
    this.allowlist = allowlistOf(config.allowlist);
    this.paths = config.allowlist.paths;
    this.rules = config.rules.map((rule) => {
      const pattern = rule.regex === undefined ? null : new Re2Pattern(rule.regex);
      const path = rule.path === undefined ? null : new Re2Pattern(rule.path);
      return {
        ...rule,
        pattern,
        regex: pattern?.toRegExp('g') ?? null,
        path,
        pathRegex: path?.toRegExp() ?? null,
        keywords: rule.keywords.map((keyword) => keyword.toLowerCase()),
        allowlists: rule.allowlists.map(allowlistOf),
      };
    });
  }

  isPathAllowed(path: string): boolean {
    return this.allowlist.paths?.test(path) ?? false;
  }

  /** Paths that are, or nearly are, of files that are not looked at. */
  samplePaths(random: () => number, each: number): string[] {
    return this.paths.flatMap((path) => {
      const pattern = new Re2Pattern(path);
      return Array.from({ length: each }, () => pattern.sample(random).replaceAll('\n', ''));
    });
  }

  /** @returns `rule line` for each, sorted and without repetitions */
  scan(text: string, path: string): string[] {
    const lower = text.toLowerCase();
    const found = this.rules
      .filter(({ keywords }) => keywords.length === 0 || keywords.some((keyword) => lower.includes(keyword)))
      .flatMap((rule) => this.apply(rule, text, path));
    const isRepeated = ({ id, line, secret }: Finding) =>
      id.includes('generic') &&
      found.some((other) => other.line === line && !other.id.includes('generic') && other.secret.includes(secret));
    return [...new Set(found.filter((each) => !isRepeated(each)).map(({ id, line }) => `${id} ${line}`))].sort();
  }

  private apply(rule: GitleaksRule, text: string, path: string): Finding[] {
    const { regex, pathRegex, allowlists } = rule;
    if (allowlists.some(({ all, paths }) => !all && paths?.test(path))) return [];
    if (pathRegex && !pathRegex.test(path)) return [];
    if (!regex) return [{ id: rule.id, line: 1, secret: '' }];
    return Array.from(text.matchAll(regex), (match): Finding | null => {
      const whole = match[0].replace(/^\n+|\n+$/g, '');
      const start = match.index + (match[0].startsWith('\n') ? 1 : 0);
      const newline = text.indexOf('\n', match.index + whole.length);
      const from = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
      const line = text.slice(from, newline < 0 ? text.length : newline);
      if (line.includes('gitleaks:allow')) return null;
      const groups = [...whole.matchAll(regex)][0]?.slice(1) ?? [];
      const secret = (rule.secretGroup > 0 ? groups[rule.secretGroup - 1] : groups.find((group) => group)) ?? whole;
      if (rule.entropy > 0 && shannon(secret) <= rule.entropy) return null;
      const texts = { secret, match: whole, line };
      if ([this.allowlist, ...allowlists].some((allowlist) => isAllowed(allowlist, texts, path))) return null;
      return { id: rule.id, line: text.slice(0, start).split('\n').length, secret };
    }).filter((finding) => finding !== null);
  }
}

function isAllowed(
  { all, target, paths, regexes, stopwords }: Allowlist,
  texts: Record<Allowlist['target'], string>,
  path: string,
): boolean {
  const isMatched = regexes?.test(texts[target]) ?? false;
  const isStopped = stopwords.some((word) => texts.secret.toLowerCase().includes(word));
  if (!all) return isMatched || isStopped;
  return (!paths || paths.test(path)) && (!regexes || isMatched) && (stopwords.length === 0 || isStopped);
}

/** Patterns of a list are joined into one, in which a flag holds for all that come behind it. */
function allowlistOf(list: z.infer<typeof AllowlistSchema>): Allowlist {
  const join = (patterns: string[]) =>
    patterns.length === 0 ? null : new Re2Pattern(`(?:${patterns.join('|')})`).toRegExp();
  return {
    all: list.condition === 'AND',
    target: list.regexTarget,
    paths: join(list.paths),
    regexes: join(list.regexes),
    stopwords: list.stopwords.map((word) => word.toLowerCase()),
  };
}

function shannon(text: string): number {
  const counts = [...new Set(text)].map((character) => text.split(character).length - 1);
  return -counts.reduce((sum, count) => sum + (count / text.length) * Math.log2(count / text.length), 0);
}
