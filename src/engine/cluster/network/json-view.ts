import type { LabelRequirement, LabelSelector } from '../../../model/cluster/cluster-object.js';
import type { Json } from '../../../model/cluster/network.js';

/** A part of a policy that has not the form that is known: the policy cannot be understood. */
export class UnknownForm extends Error {}

export type JsonObject = { [key: string]: Json };

/** Null where it is not there. @throws {UnknownForm} where it is something else */
export function objectAt(of: JsonObject, key: string): JsonObject | null {
  const value = Object.hasOwn(of, key) ? of[key] : undefined;
  return value === undefined || value === null ? null : asObject(value, key);
}

/** Null where it is not there. @throws {UnknownForm} where it is something else */
export function listAt(of: JsonObject, key: string): Json[] | null {
  const value = Object.hasOwn(of, key) ? of[key] : undefined;
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw new UnknownForm(`expected a list at ${key}`);
  return value;
}

/** Null where it is not there. @throws {UnknownForm} where it is something else */
export function textAt(of: JsonObject, key: string): string | null {
  const value = Object.hasOwn(of, key) ? of[key] : undefined;
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new UnknownForm(`expected text at ${key}`);
  return value;
}

/** Null where it is not there. @throws {UnknownForm} where it is something else */
export function numberAt(of: JsonObject, key: string): number | null {
  const value = Object.hasOwn(of, key) ? of[key] : undefined;
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number') throw new UnknownForm(`expected a number at ${key}`);
  return value;
}

export function asObject(value: Json, what: string): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new UnknownForm(`expected an object at ${what}`);
  return value;
}

export function asText(value: Json, what: string): string {
  if (typeof value !== 'string') throw new UnknownForm(`expected text at ${what}`);
  return value;
}

/** @throws {UnknownForm} where there is a field that is not known: it might change what the others say */
export function onlyKnown(of: JsonObject, known: readonly string[]): void {
  const other = Object.keys(of).find((key) => !known.includes(key));
  if (other !== undefined) throw new UnknownForm(`expected no field ${other}`);
}

/** Kubernetes' LabelSelector. @throws {UnknownForm} where it is none */
export function selectorOf(of: JsonObject): LabelSelector {
  onlyKnown(of, ['matchLabels', 'matchExpressions']);
  const matchLabels = Object.entries(objectAt(of, 'matchLabels') ?? {}).map(
    ([key, value]) => [key, asText(value, key)] as const,
  );
  return {
    matchLabels: Object.fromEntries(matchLabels),
    matchExpressions: (listAt(of, 'matchExpressions') ?? []).map((one) =>
      requirementOf(asObject(one, 'matchExpressions')),
    ),
  };
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

function requirementOf(of: JsonObject): LabelRequirement {
  const operator = OPERATORS.find((one) => one === of.operator);
  if (!operator) throw new UnknownForm(`expected ${OPERATORS.join(', ')}, got ${String(of.operator)}`);
  const values = (listAt(of, 'values') ?? []).map((value) => asText(value, 'values'));
  return { key: asText(of.key ?? null, 'key'), operator, values };
}
