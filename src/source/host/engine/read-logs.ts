import { BUILT_IN_LOG_RULES } from '../../../engine/log-rule/built-in-rules.js';
import { LogMatcher } from '../../../engine/log-rule/log-matcher.js';
import type { LogRule } from '../../../engine/log-rule/log-rule.js';
import { stateMatches } from '../../../engine/log-rule/state-matches.js';
import type { SecretScanner } from '../../../engine/secret/secret-scanner.js';
import { ValueRedaction } from '../../../engine/secret/value-redaction.js';
import { PlimsollError } from '../../../model/error.js';
import type { Container, EngineFacts } from '../../../model/host/engine.js';
import type { Fact } from '../../../model/host/fact.js';
import type { LogMatch } from '../../../model/host/log-match.js';
import type { DaemonOptions } from '../../daemon/daemon-client.js';
import { ENGINE_LIMITS, EngineClient, type EngineLimits, forEachConcurrently, Unanswered } from './engine-client.js';
import { Gaps } from './gaps.js';
import { LogFrames } from './log-frames.js';

export interface ReadLogsOptions {
  daemon: DaemonOptions;
  signal: AbortSignal;
  secrets: Pick<SecretScanner, 'scanText'>;
  /** From 0 to 1. */
  onProgress: (fraction: number) => void;
  /** Lines written before are not read; null: as many as are read of one container. */
  since: Date | null;
  /** The operator's; by default those that are built in. */
  rules?: readonly LogRule[];
  limits?: Partial<EngineLimits>;
}

/** Of one container's log: what an engine sends is at most so much, of which the last is judged. */
const MAX_BYTES = 8 * 2 ** 20;
const MAX_SIZE = 2 ** 20;
const MAX_LINES = 5_000;
const LOG_MS = 10_000;
/** A line is judged by its beginning; the time that the engine puts before it is not of it. */
const MAX_LINE_BYTES = 16 * 1024 + 40;
/** Characters of an excerpt. */
const MAX_EXCERPT = 300;

/** Drivers whose logs an engine cannot read back, unless it keeps a copy (Docker 20.10 and later do). */
const SENT_AWAY = 'its log driver keeps no log that can be read';

/**
 * Reads the recent logs of running containers, and judges them by rules, together with what their states tell. Lines are
 * kept nowhere, but for an excerpt of one without secrets. Where the log of one could not be read, that is a gap.
 *
 * @throws the signal's reason when it is aborted, and nothing else
 */
export async function readLogMatches(
  engine: Pick<EngineFacts, 'containers'>,
  options: ReadLogsOptions,
): Promise<Fact<LogMatch[]>> {
  const { daemon, signal, secrets, onProgress, rules = BUILT_IN_LOG_RULES, limits } = options;
  signal.throwIfAborted();
  const client = new EngineClient(daemon, signal, { ...ENGINE_LIMITS, ...limits });
  const gaps = new Gaps();
  const matcher = new LogMatcher(rules);
  const redaction = new ValueRedaction(secrets);
  // Others have none that is recent.
  const running = engine.containers.filter(({ status }) => status === 'running' || status === 'restarting');
  const matches = stateMatches(engine.containers);
  let done = 0;
  try {
    await forEachConcurrently(running, async (container) => {
      const lines = await linesOf(container, client, options, gaps);
      matches.push(...matchesOf(container, lines, matcher, redaction));
      done += 1;
      onProgress(done / running.length);
    });
  } finally {
    client.close();
  }
  return { known: true, value: matches.sort(compare), gaps: gaps.list() };
}

async function linesOf(
  container: Container,
  client: EngineClient,
  { since, limits }: ReadLogsOptions,
  gaps: Gaps,
): Promise<string[]> {
  const subject = `The log of container ${container.name}`;
  if (container.logDriver === 'none') return [];
  const from = since === null ? '' : `&since=${Math.floor(since.getTime() / 1000)}`;
  const path = `/containers/${encodeURIComponent(container.id)}/logs?stdout=1&stderr=1&timestamps=1&tail=${MAX_LINES}${from}`;
  const frames = new LogFrames(MAX_LINE_BYTES, MAX_SIZE);
  const milliseconds = Math.min(LOG_MS, limits?.requestMs ?? LOG_MS);
  try {
    const isWhole = await client.read(path, MAX_BYTES, 'cut', (chunk) => frames.write(chunk), milliseconds);
    if (!isWhole) gaps.add(subject, 'was read in part only: it is larger, or comes slower, than what is read of one');
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== null) gaps.add(subject, reason);
  }
  return frames.end().slice(-MAX_LINES);
}

function matchesOf(
  { id, name }: Container,
  lines: readonly string[],
  matcher: LogMatcher,
  redaction: ValueRedaction,
): LogMatch[] {
  const stamped = lines.map((line) => {
    const [, stamp = '', text = line] = STAMPED.exec(line) ?? [];
    const at = Date.parse(stamp);
    return { text, at: Number.isNaN(at) ? null : at };
  });
  // Lines of the two streams that are written at once may come the other way round.
  if (stamped.every(({ at }) => at !== null)) stamped.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return matcher.match(stamped).map(({ rule, count, firstAt, lastAt, line }) => ({
    ruleId: rule.id,
    title: rule.title,
    severity: rule.severity,
    containerId: id,
    containerName: name,
    count,
    firstAt: dateOf(firstAt),
    lastAt: dateOf(lastAt),
    excerpt: excerptOf(line, redaction),
  }));
}

/** `2024-05-01T12:00:00.123456789Z text`; Podman stamps with the offset of its time zone. */
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) ?([\s\S]*)$/;

/** Secrets are looked for in all of a line, before it is cut. */
function excerptOf(line: string, redaction: ValueRedaction): string {
  const clean = redaction
    .line(line, 'log')
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return clean.length > MAX_EXCERPT ? `${clean.slice(0, MAX_EXCERPT)}…` : clean;
}

function dateOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function reasonOf(error: unknown): string | null {
  if (error instanceof Unanswered) {
    // It was removed, or ended, meanwhile.
    if (error.kind === 'missing') return null;
    return /configured logging driver does not support reading/i.test(error.reason)
      ? `could not be read: ${SENT_AWAY}`
      : error.reason;
  }
  if (error instanceof PlimsollError) return `could not be read: ${error.message.replace(/\.$/, '')}`;
  throw error;
}

function compare(a: LogMatch, b: LogMatch): number {
  const [x, y] = [`${a.containerName} ${a.ruleId} ${a.containerId}`, `${b.containerName} ${b.ruleId} ${b.containerId}`];
  return x < y ? -1 : x > y ? 1 : 0;
}
