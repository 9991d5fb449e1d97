import { conjunction, isLicenceExpression } from '../licence-expression.js';
import { shortHash } from './short-hash.js';

/** SPDX 2.3 §10.1: a text that the document brings, under the name that expressions call it by. */
interface ExtractedLicence {
  licenseId: string;
  name: string;
  extractedText: string;
}

/** Licences of packages as expressions; those that they name in words of their own become texts of the document. */
export class ExtractedLicences {
  private readonly terms = new Map<string, string>();
  private readonly texts = new Map<string, ExtractedLicence>();

  /** @returns an expression that can be read with the document */
  declare(licenses: readonly string[]): string {
    return licenses.length === 0 ? 'NOASSERTION' : conjunction(licenses.map((text) => this.termOf(text)));
  }

  /** In order of their ids. */
  all(): ExtractedLicence[] {
    return [...this.texts.values()].sort((a, b) => (a.licenseId < b.licenseId ? -1 : 1));
  }

  private termOf(text: string): string {
    let term = this.terms.get(text);
    if (term === undefined) {
      term = isLicenceExpression(text) ? text : this.extract(text);
      this.terms.set(text, term);
    }
    return term;
  }

  private extract(text: string): string {
    const licenseId = `LicenseRef-${shortHash(text)}`;
    this.texts.set(licenseId, { licenseId, name: text, extractedText: text });
    return licenseId;
  }
}
