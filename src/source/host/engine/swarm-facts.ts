import type { z } from 'zod';
import type { PublishedPort, SwarmFacts } from '../../../model/host/engine.js';
import type { infoAnswer, nodeListAnswer, serviceListAnswer, swarmAnswer } from './engine-answers.js';

export interface SwarmAnswers {
  swarm: z.output<typeof swarmAnswer> | null;
  nodes: z.output<typeof nodeListAnswer> | null;
  services: z.output<typeof serviceListAnswer>;
  secrets: number | null;
}

type SwarmInfo = NonNullable<z.output<typeof infoAnswer>['Swarm']>;

/** Whether the engine is a node of a swarm: one that is `pending`, `locked` or in `error` is. */
export function isInSwarm(info: SwarmInfo | null | undefined): info is SwarmInfo {
  return info !== null && info !== undefined && !['', 'inactive'].includes(info.LocalNodeState);
}

/** A swarm, as much of it as a node knows: workers are told of managers only. */
export function swarmFacts(info: SwarmInfo, { swarm, nodes, services, secrets }: SwarmAnswers): SwarmFacts {
  const managers = nodes?.filter(({ Spec }) => Spec === 'manager').length;
  return {
    managers: info.Managers || managers || info.RemoteManagers.length,
    nodes: info.Nodes || nodes?.length || 0,
    isManager: info.ControlAvailable,
    autoLock: swarm?.Spec.EncryptionConfig ?? null,
    certificateExpiry: swarm?.Spec.CAConfig ?? null,
    advertiseAddress: info.NodeAddr,
    listenAddress: null,
    createdAt: swarm?.CreatedAt || null,
    updatedAt: swarm?.UpdatedAt || null,
    secrets,
    services: services
      .map(({ Spec, Endpoint }) => ({
        name: Spec.Name,
        image: Spec.TaskTemplate.Image,
        ports: Endpoint.map(
          ({ Protocol, TargetPort, PublishedPort: hostPort }): PublishedPort => ({
            containerPort: TargetPort,
            protocol: Protocol === 'udp' || Protocol === 'sctp' ? Protocol : 'tcp',
            hostAddress: '0.0.0.0',
            hostPort,
          }),
        ),
        envNames: Spec.TaskTemplate.Env.map((entry) => entry.split('=', 1)[0] ?? '').sort(),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
