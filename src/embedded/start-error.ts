/** Why the service cannot start: a sentence for the operator that says what to do. No stack is worth printing with it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
