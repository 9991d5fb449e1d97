import { registerEnumType } from '@nestjs/graphql';

/** A string union of the model as both APIs know it: GraphQL prints an enum's keys, REST its values, so they are equal. */
export class Enumeration {
  /** What GraphQL knows the union by. */
  readonly graphql: Record<string, string>;

  constructor(
    readonly name: string,
    readonly values: readonly string[],
    readonly description: string,
  ) {
    this.graphql = Object.fromEntries(values.map((value) => [value, value]));
    registerEnumType(this.graphql, { name, description });
  }
}
