import type { Node } from '../../../model/cluster/node.js';
import type { Fields } from './fields.js';
import { metadataOf, type ReadContext } from './metadata.js';

export function nodeOf(object: Fields, kind: 'Node', context: ReadContext): Node {
  const spec = object.part('spec');
  const status = object.part('status');
  const info = status.part('nodeInfo');
  return {
    ...metadataOf(object, kind, false, context),
    kind,
    kubeletVersion: info.text('kubeletVersion'),
    kernelVersion: info.text('kernelVersion'),
    osImage: info.text('osImage'),
    operatingSystem: info.text('operatingSystem'),
    architecture: info.text('architecture'),
    containerRuntimeVersion: info.text('containerRuntimeVersion'),
    providerID: spec.text('providerID'),
    taints: spec.objects('taints').map((taint) => ({
      key: taint.needed('key'),
      value: taint.text('value'),
      effect: taint.text('effect') ?? '',
    })),
    addresses: status.objects('addresses').map((each) => ({
      type: each.text('type') ?? '',
      address: each.text('address') ?? '',
    })),
    images: [...new Set(status.objects('images').flatMap((each) => each.texts('names')))].sort(),
  };
}
