import { z } from 'zod';

/** More than any tool puts around a document: a signature around a statement around the document. */
const MAX_LEVELS = 4;

const ENVELOPE = z.object({
  /** DSSE, as cosign keeps attestations. */
  payload: z.string().optional().catch(undefined),
  payloadType: z.string().optional().catch(undefined),
  /** An in-toto statement, as BuildKit attaches it to an image. */
  predicate: z.record(z.string(), z.unknown()).optional().catch(undefined),
  predicateType: z.string().optional().catch(undefined),
  /** The answer of GitHub's API. */
  sbom: z.record(z.string(), z.unknown()).optional().catch(undefined),
  /** The answer of `docker buildx imagetools inspect`. */
  SPDX: z.record(z.string(), z.unknown()).optional().catch(undefined),
  /** Within a statement of old versions of cosign. */
  Data: z.unknown().optional(),
});

/** The SBOM in what it was delivered in; anything else as it is. A signature is not checked. */
export function withoutEnvelope(json: unknown): unknown {
  let inner = json;
  for (let level = 0; level < MAX_LEVELS; level += 1) {
    const envelope = ENVELOPE.safeParse(inner).data;
    const next = envelope && contentOf(envelope);
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

function contentOf({
  payload,
  payloadType,
  predicate,
  predicateType,
  sbom,
  SPDX,
  Data,
}: z.infer<typeof ENVELOPE>): unknown {
  if (payload !== undefined && payloadType !== undefined)
    return parsed(Buffer.from(payload, 'base64').toString('utf8'));
  if (predicate !== undefined && predicateType !== undefined) return predicate;
  if (typeof Data === 'string') return parsed(Data);
  return sbom ?? SPDX ?? Data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
