import { describe, expect, test } from 'vitest'

import {
  describeEngine,
  infoAnswerSchema,
  obstacleOf,
  versionAnswerSchema,
} from '../../../../src-main/services/engine/describe-engine.ts'

const version = { Version: '28.2.2', ApiVersion: '1.50', Os: 'linux', Arch: 'arm64', KernelVersion: '6.10' }

function described(versionMore: object = {}, info: object = {}, address = '/var/run/docker.sock') {
  return describeEngine(
    versionAnswerSchema.parse({ ...version, ...versionMore }),
    infoAnswerSchema.parse(info),
    address,
  )
}

test.each([
  ['docker-desktop', {}, { OperatingSystem: 'Docker Desktop' }, undefined],
  ['orbstack', {}, { OperatingSystem: 'OrbStack' }, undefined],
  ['colima', {}, { Name: 'colima', OperatingSystem: 'Ubuntu 24.04' }, undefined],
  ['colima', {}, { Name: 'colima-work' }, undefined],
  ['colima', {}, {}, '/home/me/.colima/work/docker.sock'],
  ['rancher-desktop', {}, { Name: 'lima-rancher-desktop' }, undefined],
  ['rancher-desktop', {}, {}, '/home/me/.rd/docker.sock'],
  [
    'podman',
    { Components: [{ Name: 'Podman Engine', Version: '5.4' }] },
    { OperatingSystem: 'fedora' },
    undefined,
  ],
  ['docker', { Components: [{ Name: 'Engine' }] }, { OperatingSystem: 'Debian' }, undefined],
])('tells %s from the others', (kind, versionMore, info, address) => {
  expect(described(versionMore, info, address).kind).toBe(kind)
})

describe('an engine', () => {
  test.each([
    ['that is all right', {}, {}, undefined],
    ['by an architecture’s other name', { Arch: 'aarch64' }, {}, undefined],
    ['as old as can be', { ApiVersion: '1.41' }, {}, undefined],
    ['that is too old', { ApiVersion: '1.9' }, {}, 'engine-too-old'],
    ['with Windows containers', { Os: 'windows', Arch: 'amd64' }, {}, 'engine-arch'],
    ['on another processor', { Arch: 'riscv64' }, {}, 'engine-arch'],
    [
      'without root, Docker',
      {},
      { SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'] },
      'engine-rootless',
    ],
    ['without root, Podman', {}, { Rootless: true }, 'engine-rootless'],
  ])('%s', (_case, versionMore, info, code) => {
    expect(obstacleOf(described(versionMore, info))?.code).toBe(code)
  })
})
