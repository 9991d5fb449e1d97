import type { z } from 'zod';
import type { ValueRedaction } from '../../../engine/secret/value-redaction.js';
import type { Container, EngineNetwork } from '../../../model/host/engine.js';
import type { networkListAnswer, podmanNetworkListAnswer } from './engine-answers.js';

type DockerNetwork = z.output<typeof networkListAnswer>[number];
type PodmanNetwork = z.output<typeof podmanNetworkListAnswer>[number];

export function dockerNetwork(network: DockerNetwork, redaction: ValueRedaction): EngineNetwork {
  const { encrypted } = network.Options;
  return {
    id: network.Id,
    name: network.Name,
    driver: network.Driver,
    scope: network.Scope,
    internal: network.Internal,
    attachable: network.Attachable,
    ingress: network.Ingress,
    ipv6: network.EnableIPv6,
    // The option alone is enough, `--opt encrypted`: it comes as an empty text.
    encrypted: encrypted !== undefined && !/^(?:0|f|false)$/i.test(encrypted),
    subnets: network.IPAM.map(({ Subnet }) => Subnet).sort(),
    options: redaction.pairs(network.Options, 'networks'),
  };
}

export function podmanNetwork(network: PodmanNetwork, redaction: ValueRedaction): EngineNetwork {
  return {
    id: network.id,
    name: network.name,
    driver: network.driver,
    scope: 'local',
    internal: network.internal,
    attachable: false,
    ingress: false,
    ipv6: network.ipv6_enabled,
    encrypted: false,
    subnets: network.subnets.map(({ subnet }) => subnet).sort(),
    options: redaction.pairs(network.options, 'networks'),
  };
}

/**
 * Names of networks as the list of networks has them: Podman writes a network's name where its id should be, and an engine
 * that is stopped may leave ids empty.
 */
export function joinedNetworks(container: Container, networks: readonly EngineNetwork[]): Container['networks'] {
  return container.networks.map((joined) => {
    const network = networks.find(({ id }) => id === joined.id) ?? networks.find(({ name }) => name === joined.name);
    return network ? { ...joined, id: network.id, name: network.name } : joined;
  });
}
