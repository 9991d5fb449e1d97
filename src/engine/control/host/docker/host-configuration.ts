import { fail, manual, pass } from '../../control.js';
import { type HostControl, ifKnown, known } from '../host-subject.js';
import { ENGINE_VERSION_CONTROL } from './engine-version-control.js';

/** The host of a container engine: CIS Docker, sections 1.1 and 1.2. */
export const HOST_CONFIGURATION_CONTROLS: HostControl[] = [
  {
    id: 'container-data-own-partition',
    title: 'The data of containers is on a file system of its own',
    problem: 'The data of containers is on the file system of the system',
    severity: 'low',
    looksAt: 'the mounts of the host, and the engine’s data folder (`/var/lib/docker`)',
    remediation:
      'Put the data folder on a file system of its own, so that containers cannot fill the one of the system.',
    opens: 'misconfiguration',
    restsOn: ['mounts'],
    judge: ({ facts }) => {
      const folder = ifKnown(facts.engine)?.settings.dataRoot || '/var/lib/docker';
      const mount = known(facts.mounts).find(({ mountPoint }) => mountPoint === folder);
      if (mount) return pass(`${folder} is ${mount.source}.`);
      return fail(`${folder} is no mount of its own.`, [{ resource: null, path: folder, value: 'no mount point' }]);
    },
  },
  {
    id: 'trusted-docker-group',
    title: 'Only trusted users may use the container engine',
    problem: 'Users may use the container engine',
    severity: 'high',
    looksAt: 'the members of the group `docker`, each of whom is root on the host',
    remediation: 'Take users out of the group who need not be root: gpasswd -d NAME docker.',
    opens: null,
    restsOn: ['groups', 'accounts'],
    judge: ({ facts }) => {
      const group = known(facts.groups).find(({ name }) => name === 'docker');
      if (!group) return pass('There is no group docker.');
      const primary = known(facts.accounts).filter(({ gid }) => gid === group.gid);
      const members = [...new Set([...group.members, ...primary.map(({ name }) => name)])].sort();
      if (members.length === 0) return pass('The group docker has no members.');
      return manual(
        'Each member is root on the host: whether they are trusted so far is for a person to say.',
        members.map((name) => ({ resource: `user/${name}`, path: '/etc/group', value: 'docker' })),
      );
    },
  },
  ENGINE_VERSION_CONTROL,
];
