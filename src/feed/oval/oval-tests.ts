import { PlimsollError } from '../../model/error.js';
import { childOf, textIn, type XmlElement } from '../xml/xml-records.js';

/** What a criterion asks of the installed packages. */
export interface PackageTest {
  /** Of the package. */
  name: string;
  /** Null asks only whether it is installed. */
  state: PackageState | null;
}

/** The fields of an `rpminfo_state` that are set; each has an operation and a value. */
export interface PackageState {
  evr?: Comparison;
  version?: Comparison;
  release?: Comparison;
  arch?: Comparison;
  signature_keyid?: Comparison;
}

interface Comparison {
  /** `less than`, `pattern match`, `equals`… */
  operation: string;
  value: string;
}

/** The tests of an OVAL file on rpm packages, with the objects and states that they refer to. */
export class OvalTests {
  /** The elements to add. */
  static readonly ELEMENTS = ['rpminfo_test', 'rpminfo_object', 'rpminfo_state'];

  private readonly tests = new Map<string, { object: string; state: string | null }>();
  private readonly names = new Map<string, string>();
  private readonly states = new Map<string, PackageState>();
  /** Many tests are about one object, or compare with one state. */
  private readonly references = new Map<string, string>();

  constructor(private readonly file: string) {}

  add(element: XmlElement): void {
    const id = kept(element.attributes.id ?? '');
    if (this.tests.size + this.names.size + this.states.size >= MAX_PARTS) {
      throw new PlimsollError(
        'limit_exceeded',
        `${this.file} has more than ${MAX_PARTS} tests, which is no such feed.`,
      );
    }
    switch (element.name) {
      case 'rpminfo_test': {
        const object = this.shared(childOf(element, 'object')?.attributes.object_ref ?? '');
        const state = childOf(element, 'state')?.attributes.state_ref;
        this.tests.set(id, { object, state: state === undefined ? null : this.shared(state) });
        break;
      }
      case 'rpminfo_object':
        this.names.set(id, kept(textIn(element, 'name')));
        break;
      default:
        this.states.set(id, stateOf(element));
    }
  }

  /** @returns undefined for a test that is not about packages, or that the file does not have */
  find(id: string): PackageTest | undefined {
    const test = this.tests.get(id);
    const name = test && this.names.get(test.object);
    if (!test || name === undefined) return undefined;
    if (test.state === null) return { name, state: null };
    const state = this.states.get(test.state);
    return state && { name, state };
  }

  private shared(reference: string): string {
    let known = this.references.get(reference);
    if (known === undefined) {
      known = kept(reference);
      this.references.set(known, known);
    }
    return known;
  }
}

/** SUSE's largest file has 600,000. */
const MAX_PARTS = 5_000_000;

const FIELDS = ['evr', 'version', 'release', 'arch', 'signature_keyid'] as const;

/** OperationEnumeration of the common schema, which one of SUSE's writers numbers, from 1. */
const OPERATIONS = [
  'equals',
  'not equal',
  'case insensitive equals',
  'case insensitive not equal',
  'greater than',
  'less than',
  'greater than or equal',
  'less than or equal',
];

function stateOf(element: XmlElement): PackageState {
  const state: PackageState = {};
  for (const field of FIELDS) {
    const child = childOf(element, field);
    if (!child) continue;
    const { operation = 'equals' } = child.attributes;
    state[field] = { operation: OPERATIONS[Number(operation) - 1] ?? kept(operation), value: kept(child.text.trim()) };
  }
  return state;
}

/** A copy: V8 keeps the whole piece of a file that a text was cut from, and these are of every piece. */
function kept(text: string): string {
  return Buffer.from(text).toString();
}
