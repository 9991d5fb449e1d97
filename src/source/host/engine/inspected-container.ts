import { z } from 'zod';
import { flag, list, number, optionalFlag, optionalNumber, pairs, record, text, texts, words } from './field.js';

const bindings = record(list(z.object({ HostIp: text, HostPort: text })));

const network = z.object({
  NetworkID: text,
  IPAddress: text,
  GlobalIPv6Address: text,
  Aliases: texts,
});

const health = z
  .object({ Status: text })
  .nullish()
  .transform((value) => value?.Status ?? '');

/**
 * What `/containers/{id}/json` says of a container, and likewise Podman's own `/libpod/containers/{id}/json`: Docker Engine
 * API 1.24 to 1.52, Podman 3 to 5. Only what is used.
 */
export const inspectedContainer = z.object({
  Id: z.string().min(1),
  Name: z.string().min(1),
  Created: text,
  Image: text,
  ImageDigest: text,
  ImageName: text,
  OCIRuntime: text,
  RestartCount: number,
  AppArmorProfile: text,
  State: z.object({
    Status: text,
    Running: flag,
    Paused: flag,
    Restarting: flag,
    Dead: flag,
    OOMKilled: flag,
    ExitCode: optionalNumber,
    Health: health,
    // Podman 3.
    Healthcheck: health,
  }),
  Config: z.object({
    User: text,
    Env: texts,
    Entrypoint: words,
    Cmd: words,
    Image: text,
    Labels: pairs,
    ExposedPorts: record(z.unknown()),
    Healthcheck: z
      .object({ Test: texts })
      .nullish()
      .transform((value) => value?.Test ?? []),
    Tty: flag,
  }),
  HostConfig: z.object({
    Privileged: flag,
    CapAdd: texts,
    CapDrop: texts,
    NetworkMode: text,
    PidMode: text,
    IpcMode: text,
    UTSMode: text,
    UsernsMode: text,
    CgroupnsMode: text,
    // Podman's own.
    CgroupMode: text,
    SecurityOpt: texts,
    ReadonlyRootfs: flag,
    Memory: number,
    MemorySwap: number,
    CpuShares: number,
    NanoCpus: number,
    CpuQuota: number,
    PidsLimit: optionalNumber,
    RestartPolicy: z
      .object({ Name: text, MaximumRetryCount: number })
      .nullish()
      .transform((value) => value ?? { Name: '', MaximumRetryCount: 0 }),
    Ulimits: list(z.object({ Name: text, Soft: number, Hard: number })),
    Devices: list(z.object({ PathOnHost: text, PathInContainer: text, CgroupPermissions: text })),
    DeviceCgroupRules: texts,
    DeviceRequests: list(z.object({ Driver: text, Count: number, DeviceIDs: texts, Capabilities: list(texts) })),
    PortBindings: bindings,
    PublishAllPorts: flag,
    CgroupParent: text,
    Runtime: text,
    LogConfig: z
      .object({ Type: text, Config: pairs })
      .nullish()
      .transform((value) => value ?? { Type: '', Config: {} }),
    Sysctls: pairs,
    ExtraHosts: texts,
    Tmpfs: pairs,
    MaskedPaths: z.array(z.string()).nullish(),
  }),
  Mounts: list(
    z.object({
      Type: text,
      Name: text,
      Source: text,
      Destination: text,
      RW: optionalFlag,
      Propagation: text,
    }),
  ),
  NetworkSettings: z
    .object({ Ports: bindings, Networks: record(network) })
    .nullish()
    .transform((value) => value ?? { Ports: {}, Networks: {} }),
});

export type InspectedContainer = z.output<typeof inspectedContainer>;
