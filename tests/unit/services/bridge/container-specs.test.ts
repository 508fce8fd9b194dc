import { expect, test } from 'vitest'

import {
  agentContainer,
  hostNameOf,
  tunnelContainer,
} from '../../../../src-main/services/bridge/container-specs.ts'
import { containerOptions } from '../../../../src-main/services/engine/container-options.ts'
import { bridgeSpec } from '../../../fixtures/bridge-spec.ts'

const names = { lifeId: 'l1', image: 'mountbar-bridge:abc', fingerprint: 'f1' }

test('the agent gets the right to mount, two ports on loopback, and nothing else', () => {
  expect(containerOptions(agentContainer(bridgeSpec, names))).toEqual({
    name: 'mountbar-photos-agent-l1',
    Image: 'mountbar-bridge:abc',
    Cmd: ['agent'],
    User: '0:0',
    Env: [],
    Labels: {
      'mountbar.installation': 'i1',
      'mountbar.drive': 'photos',
      'mountbar.role': 'agent',
      'mountbar.fingerprint': 'f1',
    },
    AttachStdin: true,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdout: false,
    AttachStderr: false,
    Tty: false,
    StopTimeout: 45,
    Hostname: 'bridge-i1-photos',
    ExposedPorts: { '7400/tcp': {}, '7401/tcp': {} },
    HostConfig: {
      CapDrop: ['ALL'],
      CapAdd: ['SYS_ADMIN'],
      SecurityOpt: ['no-new-privileges', 'apparmor=unconfined'],
      Privileged: false,
      ReadonlyRootfs: true,
      Tmpfs: {
        '/run': 'rw,nosuid,nodev,noexec,size=1m,mode=0755',
        '/run/mountbar': 'rw,nosuid,nodev,noexec,size=16m,mode=0700,uid=0,gid=0',
        '/tmp': 'rw,nosuid,nodev,noexec,size=64m,mode=1777',
      },
      Memory: 768 * 1024 * 1024,
      PidsLimit: 256,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
      Init: true,
      RestartPolicy: { Name: 'no' },
      ExtraHosts: ['host.docker.internal:host-gateway'],
      PortBindings: {
        '7400/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
        '7401/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
      },
    },
  })
})

test('the tunnel gets no right at all, no port, and the agent’s network', () => {
  const options = containerOptions(tunnelContainer(bridgeSpec, names, 'agent-id'))
  expect(options).toMatchObject({
    Cmd: ['tunnel'],
    User: '7400:7400',
    HostConfig: {
      CapDrop: ['ALL'],
      CapAdd: [],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      NetworkMode: 'container:agent-id',
    },
  })
  // An engine refuses these for a container in another one's network.
  for (const key of ['Hostname', 'ExposedPorts']) expect(options).not.toHaveProperty(key)
  for (const key of ['ExtraHosts', 'PortBindings']) expect(options.HostConfig).not.toHaveProperty(key)
})

test.each([
  ['long', { installationId: 'i'.repeat(60), driveId: 'photos' }],
  ['with dots', { installationId: 'i1', driveId: 'photos.2026' }],
  ['ending in a dash', { installationId: 'i1', driveId: 'photos-' }],
])('names that are %s become host names all the same, each its own', (_case, owner) => {
  expect(hostNameOf(owner)).toMatch(/^bridge-[0-9a-f]{32}$/)
  expect(hostNameOf(owner)).toBe(hostNameOf(owner))
  expect(hostNameOf({ ...owner, driveId: 'other.one' })).not.toBe(hostNameOf(owner))
})
