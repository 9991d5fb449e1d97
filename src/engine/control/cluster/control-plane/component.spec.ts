import { describe, expect, it } from 'vitest';
import { clusterFacts, container, pod } from '../../../../../test/support/cluster-facts.js';
import type { Container } from '../../../../model/cluster/pod.js';
import { CommandLine } from './command-line.js';
import { controlPlaneOf, PROGRAMS } from './component.js';

describe('a command line', () => {
  const line = (...words: string[]) => new CommandLine(words);

  it.each<[string, CommandLine, string | null]>([
    ['after an equals sign', line('--a=b=c'), 'b=c'],
    ['as the next word', line('--a', 'b'), 'b'],
    ['of the last', line('--a=1', '--a=2'), '2'],
    ['of one dash, as etcd takes it', line('-a=b'), 'b'],
    ['none, before another flag', line('--a', '--b'), ''],
    ['negative', line('--a', '-1'), '-1'],
    ['none where it is not given', line('--ab=1'), null],
    ['none after two dashes', line('--', '--a=b'), null],
    ['of more than one line', line('--a=x\ny'), 'x\ny'],
  ])('has a value: %s', (_, given, value) => {
    expect(given.value('a')).toBe(value);
  });

  it.each<[string[], boolean | null]>([
    [['--a'], true],
    [['--a', 'false'], true],
    [['--a=false'], false],
    [['--a=F'], false],
    [['--a=1'], true],
    [['--a=no'], null],
    [[], null],
  ])('%j has a boolean: %j', (words, value) => {
    expect(line(...words).boolean('a')).toBe(value);
  });

  it('takes a list from each time that it is given, and underscores for hyphens', () => {
    expect(line('--a_b=x,y', '--a-b', 'z').list('a-b')).toEqual(['x', 'y', 'z']);
    expect(line().list('a-b')).toBeNull();
  });

  it('is set by the environment of etcd, where no flag is given', () => {
    const environment = new Map([['ETCD_CERT_FILE', '/c']]);
    expect(new CommandLine([], environment).value('cert-file')).toBe('/c');
    expect(new CommandLine(['--cert-file=/d'], environment).value('cert-file')).toBe('/d');
  });
});

describe('a program of the control plane', () => {
  const found = (of: Partial<Container>, namespace = 'kube-system', annotations: Record<string, string> = {}) => {
    const pods = [pod('p', { containers: [container('app', of)] }, { namespace, annotations })];
    const plane = controlPlaneOf(clusterFacts({ pods }));
    return PROGRAMS.flatMap((program) => plane[program].map(({ line }) => [program, line.value('a')]));
  };

  it.each<[string, Partial<Container>, (string | null)[][]]>([
    ['a command', { command: ['kube-apiserver', '--a=1'] }, [['kube-apiserver', '1']]],
    ['a command and arguments', { command: ['/usr/bin/etcd'], args: ['--a', '1'] }, [['etcd', '1']]],
    ['a wrapper', { command: ['/go-runner', '--a=0', '/usr/bin/kube-scheduler', '--a=1'] }, [['kube-scheduler', '1']]],
    ['hyperkube', { command: ['/hyperkube', 'apiserver', '--a=1'] }, [['kube-apiserver', '1']]],
    ['a shell', { command: ['/bin/sh', '-c', "exec kube-proxy --a='1' 2>&1"] }, [['kube-proxy', '1']]],
    ['its image', { image: 'registry:5000/kube-apiserver:v1.34', args: ['--a=1'] }, [['kube-apiserver', '1']]],
    ['another command', { command: ['scheduler', '--a=1'], image: 'registry/app:1' }, []],
  ])('is known by %s', (_, of, expected) => {
    expect(found(of)).toEqual(expected);
  });

  it('is one of kube-system, or a static pod, and no other', () => {
    const etcd = { command: ['etcd', '--a=1'] };
    expect(found(etcd, 'shop')).toEqual([]);
    expect(found(etcd, 'shop', { 'kubernetes.io/config.source': 'file' })).toEqual([['etcd', '1']]);
  });
});
