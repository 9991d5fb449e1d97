/** Why an archive, or an entry of one, cannot be read; `message` is the object of "has": `a zip directory that …`. */
export class ZipFault extends Error {
  override readonly name = 'ZipFault';

  constructor(
    readonly kind: 'corrupt' | 'too_large',
    message: string,
  ) {
    super(message);
  }
}
