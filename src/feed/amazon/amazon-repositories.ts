import { PlimsollError } from '../../model/error.js';

/** A package repository of Amazon Linux whose updateinfo.xml is read. */
export interface AmazonRepository {
  part: string;
  /** The release, `2023`. */
  release: string;
  /** Of Amazon Linux 2's extras: the topic, `postgresql14`; null for what every system has. */
  topic: string | null;
  /** Relative to the source: a text whose first line is where the repository is. */
  mirrorList: string;
  /** Not every source has it. */
  optional: boolean;
}

/**
 * Topics of amazon-linux-extras that have had advisories (https://alas.aws.amazon.com/alas2.html, "Extras"). A topic that
 * is not listed is not judged by its own advisories: docs/matching/amazon.md.
 */
const TOPICS = [
  'BCC',
  'R3.4',
  'R4',
  'ansible2',
  'aws-nitro-enclaves-cli',
  'collectd',
  'collectd-python3',
  'corretto8',
  'dnsmasq',
  'dnsmasq2.85',
  'docker',
  'ecs',
  'emacs',
  'firefox',
  'gimp',
  'golang1.11',
  'golang1.19',
  'golang1.9',
  'haproxy2',
  'httpd_modules',
  'java-openjdk11',
  'kernel-5.10',
  'kernel-5.15',
  'kernel-5.4',
  'libreoffice',
  'livepatch',
  'lynis',
  'mariadb10.5',
  'mate-desktop1.x',
  'memcached1.5',
  'mock',
  'nginx1',
  'nginx1.12',
  'php7.1',
  'php7.2',
  'php7.3',
  'php7.4',
  'php8.0',
  'php8.1',
  'php8.2',
  'postgresql10',
  'postgresql11',
  'postgresql12',
  'postgresql13',
  'postgresql14',
  'postgresql9.6',
  'python3.8',
  'redis4.0',
  'redis6',
  'ruby2.4',
  'ruby2.6',
  'ruby3.0',
  'rust1',
  'selinux-ng',
  'squid4',
  'tomcat8.5',
  'tomcat9',
  'unbound1.13',
  'unbound1.17',
  'vim',
] as const;

/** A list is about every architecture (amazon-advisory.ts); the second one has packages that are only for it. */
export const REPOSITORIES: readonly AmazonRepository[] = [
  // Its repository is on a host of its own; a mirror may have it beside the others.
  core('1', '2018.03/updates/x86_64/mirror.list', true),
  core('2', '2/core/latest/x86_64/mirror.list', false),
  core('2022', 'al2022/core/mirrors/latest/x86_64/mirror.list', true),
  core('2023', 'al2023/core/mirrors/latest/x86_64/mirror.list', false),
  { ...core('2', '2/core/latest/aarch64/mirror.list', true), part: '2/core/aarch64' },
  { ...core('2023', 'al2023/core/mirrors/latest/aarch64/mirror.list', true), part: '2023/core/aarch64' },
  {
    part: '2023/kernel-livepatch',
    release: '2023',
    topic: null,
    mirrorList: 'al2023/kernel-livepatch/mirrors/latest/x86_64/mirror.list',
    optional: true,
  },
  ...TOPICS.map((topic) => ({
    part: `2/extras/${topic}`,
    release: '2',
    topic,
    mirrorList: `2/extras/${topic}/latest/x86_64/mirror.list`,
    optional: true,
  })),
];

/** @throws PlimsollError `feed_source_invalid` */
export function repositoryOfPart(part: string): AmazonRepository {
  const repository = REPOSITORIES.find((known) => known.part === part);
  if (repository) return repository;
  throw new PlimsollError('feed_source_invalid', `Expected a repository of Amazon Linux, got "${part.slice(0, 80)}".`);
}

function core(release: string, mirrorList: string, optional: boolean): AmazonRepository {
  return { part: `${release}/core`, release, topic: null, mirrorList, optional };
}
