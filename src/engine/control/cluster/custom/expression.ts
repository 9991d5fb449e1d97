import { createContext, Script } from 'node:vm';
import { type ASTNode, TypeError as CelTypeError, Environment, ParseError } from '@marcbachmann/cel-js';

/** A CEL expression that was parsed and checked, and says of an object whether it is as it should be. */
export interface Expression {
  /**
   * Judges objects one by one, in their order, until the time is over.
   *
   * @param variables of each object
   * @param milliseconds for all of them together
   */
  judge(variables: readonly Variables[], milliseconds: number): Judged;
}

export interface Variables {
  object: unknown;
  podSpec: unknown;
}

interface Judged {
  /** Of each object that was reached: whether it is as it should be; an error where that could not be worked out. */
  answers: (boolean | { error: string })[];
  /** The time was over before all were judged. */
  isCut: boolean;
}

/** Why an expression is refused, and where, in letters from its beginning. */
export class ExpressionError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** Characters. */
const MAX_LENGTH = 4_000;
/** What an expression may be made of: an object is bounded too, so its steps and what it makes in memory are. */
const LIMITS = { maxAstNodes: 500, maxDepth: 50, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };
/** Loops within loops: each takes as many steps as a list has entries. */
const MAX_LOOPS = 3;
/** Each may double what was there before. */
const MAX_ADDITIONS = 10;
const LOOPS = new Set(['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter', 'transformList', 'transformMap']);
const MAX_MESSAGE = 200;

const ENVIRONMENT = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true, limits: LIMITS })
  .registerVariable('object', 'dyn')
  .registerVariable('podSpec', 'dyn');

/** @throws ExpressionError for what is no expression, answers no boolean, or is too large to be judged in bounded time */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_LENGTH) {
    throw new ExpressionError(`an expression has at most ${MAX_LENGTH} characters, and this has ${text.length}`, 0);
  }
  const program = parsed(text);
  refuseLarge(program.ast);
  const { valid, type, error } = program.check();
  if (!valid) throw new ExpressionError(firstLine(error?.message), error?.range?.start ?? 0);
  if (type !== 'bool' && type !== 'dyn') throw new ExpressionError(`expected a boolean, and it is of type ${type}`, 0);
  return { judge: (variables, milliseconds) => judged((of) => answerOf(program(of)), variables, milliseconds) };
}

function parsed(text: string) {
  try {
    return ENVIRONMENT.parse(text);
  } catch (error) {
    if (error instanceof ParseError || error instanceof CelTypeError) {
      throw new ExpressionError(firstLine(error.message), error.range?.start ?? 0);
    }
    throw error;
  }
}

function refuseLarge(ast: ASTNode): void {
  let additions = 0;
  const visit = (node: ASTNode, loops: number): void => {
    if (node.op === '+') additions += 1;
    if (additions > MAX_ADDITIONS)
      throw new ExpressionError(`at most ${MAX_ADDITIONS} additions are allowed`, node.start);
    const inside = loops + (node.op === 'rcall' && LOOPS.has(node.args[0]) ? 1 : 0);
    if (inside > MAX_LOOPS)
      throw new ExpressionError(`at most ${MAX_LOOPS} loops within each other are allowed`, node.start);
    for (const child of childrenOf(node.args)) visit(child, inside);
  };
  visit(ast, 0);
}

function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}

/** Runs within a script, as only a script can be stopped: what it calls is stopped with it. */
const LOOP = new Script('while (step()) ;');

function judged(
  answer: (of: Variables) => boolean | { error: string },
  all: readonly Variables[],
  timeout: number,
): Judged {
  const answers: Judged['answers'] = [];
  const step = () => {
    const next = all[answers.length];
    if (next === undefined) return false;
    answers.push(guarded(answer, next));
    return answers.length < all.length;
  };
  try {
    LOOP.runInContext(createContext({ step }), { timeout });
    return { answers, isCut: false };
  } catch (error) {
    if (isTimeout(error)) return { answers, isCut: true };
    throw error;
  }
}

/** It is made in the script's own world, so it is no Error of this one. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

function guarded(answer: (of: Variables) => boolean | { error: string }, of: Variables): boolean | { error: string } {
  try {
    return answer(of);
  } catch (error) {
    return { error: firstLine(error instanceof Error ? error.message : String(error)) };
  }
}

function answerOf(value: unknown): boolean | { error: string } {
  return typeof value === 'boolean' ? value : { error: 'expected a boolean, and it gave something else' };
}

/** The lines after the first show the expression. */
function firstLine(message: string | undefined): string {
  return (message ?? 'it cannot be understood').split('\n', 1)[0]?.slice(0, MAX_MESSAGE) ?? '';
}
