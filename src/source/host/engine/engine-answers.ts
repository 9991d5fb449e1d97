import { z } from 'zod';
import { flag, list, number, optionalFlag, optionalNumber, pairs, record, text, texts } from './field.js';

/** What engines answer but for containers: Docker Engine API 1.24 to 1.52, Podman 3 to 5. Only what is used. */
export const versionAnswer = z.object({
  Version: z.string().min(1),
  ApiVersion: text,
  Components: list(z.object({ Name: text })),
});

export const infoAnswer = z.object({
  Driver: z.string(),
  DockerRootDir: text,
  LoggingDriver: text,
  CgroupDriver: text,
  CgroupVersion: text,
  LiveRestoreEnabled: optionalFlag,
  ExperimentalBuild: optionalFlag,
  DefaultRuntime: text,
  SecurityOptions: texts,
  Warnings: texts,
  // Podman.
  Rootless: flag,
  Plugins: z
    .object({ Authorization: texts })
    .nullish()
    .transform((value) => value?.Authorization ?? []),
  RegistryConfig: z
    .object({
      InsecureRegistryCIDRs: texts,
      IndexConfigs: record(z.object({ Secure: optionalFlag })),
      Mirrors: texts,
    })
    .nullish()
    .transform((value) => value ?? { InsecureRegistryCIDRs: [], IndexConfigs: {}, Mirrors: [] }),
  Swarm: z
    .object({
      LocalNodeState: text,
      ControlAvailable: flag,
      NodeAddr: text,
      Nodes: optionalNumber,
      Managers: optionalNumber,
      RemoteManagers: list(z.object({ Addr: text })),
    })
    .nullish(),
});

/** `/libpod/info`: what the answer in Docker's form leaves out. */
export const podmanInfoAnswer = z.object({
  host: z.object({
    logDriver: text,
    cgroupManager: text,
    cgroupVersion: text,
    security: z.object({
      rootless: flag,
      apparmorEnabled: flag,
      seccompEnabled: flag,
      selinuxEnabled: flag,
    }),
  }),
});

export const containerListAnswer = z.array(z.object({ Id: z.string().min(1), Names: texts }));

export const processesAnswer = z.object({ Titles: texts, Processes: list(z.array(z.string())) });

export const imageListAnswer = z.array(
  z.object({ Id: z.string().min(1), RepoTags: texts, RepoDigests: texts, Created: number, Size: number }),
);

export const imageAnswer = z.object({
  Config: z
    .object({
      User: text,
      Healthcheck: z
        .object({ Test: texts })
        .nullish()
        .transform((value) => value?.Test ?? []),
    })
    .nullish()
    .transform((value) => value ?? { User: '', Healthcheck: [] }),
  // Podman tells it here.
  HealthCheck: z
    .object({ Test: texts })
    .nullish()
    .transform((value) => value?.Test ?? []),
});

export const networkListAnswer = z.array(
  z.object({
    Id: z.string().min(1),
    Name: z.string().min(1),
    Driver: text,
    Scope: text,
    Internal: flag,
    Attachable: flag,
    Ingress: flag,
    EnableIPv6: flag,
    Options: pairs,
    IPAM: z
      .object({ Config: list(z.object({ Subnet: text })) })
      .nullish()
      .transform((value) => value?.Config ?? []),
  }),
);

/** `/libpod/networks/json`: in Docker's form the default network has another name than its containers know. */
export const podmanNetworkListAnswer = z.array(
  z.object({
    id: z.string().min(1),
    name: z.string().min(1),
    driver: text,
    internal: flag,
    ipv6_enabled: flag,
    options: pairs,
    subnets: list(z.object({ subnet: text })),
  }),
);

export const volumeListAnswer = z.object({
  // Null where there are none, but it is there.
  Volumes: z
    .array(z.object({ Name: z.string().min(1), Driver: text, Mountpoint: text, Options: pairs }))
    .nullable()
    .transform((value) => value ?? []),
});

export const swarmAnswer = z.object({
  CreatedAt: text,
  UpdatedAt: text,
  Spec: z.object({
    CAConfig: z
      .object({ NodeCertExpiry: optionalNumber })
      .nullish()
      .transform((value) => value?.NodeCertExpiry ?? null),
    EncryptionConfig: z
      .object({ AutoLockManagers: flag })
      .nullish()
      .transform((value) => value?.AutoLockManagers ?? false),
  }),
});

export const nodeListAnswer = z.array(
  z.object({
    Spec: z
      .object({ Role: text })
      .nullish()
      .transform((value) => value?.Role ?? ''),
  }),
);

export const serviceListAnswer = z.array(
  z.object({
    Spec: z.object({
      Name: text,
      TaskTemplate: z
        .object({
          ContainerSpec: z
            .object({ Image: text, Env: texts })
            .nullish()
            .transform((value) => value ?? { Image: '', Env: [] }),
        })
        .nullish()
        .transform((value) => value?.ContainerSpec ?? { Image: '', Env: [] }),
    }),
    Endpoint: z
      .object({ Ports: list(z.object({ Protocol: text, TargetPort: number, PublishedPort: number })) })
      .nullish()
      .transform((value) => value?.Ports ?? []),
  }),
);

/** Of which only the number is wanted. */
export const countedAnswer = z.array(z.unknown()).transform(({ length }) => length);
