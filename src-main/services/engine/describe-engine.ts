import { z } from 'zod'

import { AppError } from '../../shared/errors.ts'
import type { EngineInfo, EngineKind } from './engine.ts'

/** What engines answer to `GET /version`, as far as it is used; Podman names itself among the components. */
export const versionAnswerSchema = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Os: z.string(),
  Arch: z.string(),
  KernelVersion: z.string().default(''),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
})

/** What engines answer to `GET /info`, as far as it is used. */
export const infoAnswerSchema = z.object({
  Name: z.string().default(''),
  OperatingSystem: z.string().default(''),
  SecurityOptions: z.array(z.string()).nullish(),
  Rootless: z.boolean().default(false),
  CgroupVersion: z.string().default(''),
  MemTotal: z.number().default(0),
  NCPU: z.number().default(0),
})

type VersionAnswer = z.output<typeof versionAnswerSchema>
type InfoAnswer = z.output<typeof infoAnswerSchema>

/** Docker 20.10: the first that knows `host-gateway`, which every engine since has. */
const oldestApi = '1.41'
/** What the bridge's image is made for. */
const architectures = ['amd64', 'arm64']

const archNames: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' }

/** @param address as in messages: a socket's folder tells engines apart that say nothing of themselves */
export function describeEngine(version: VersionAnswer, info: InfoAnswer, address: string): EngineInfo {
  return {
    kind: kindOf(version, info, address),
    version: version.Version,
    apiVersion: version.ApiVersion,
    os: version.Os,
    arch: archNames[version.Arch] ?? version.Arch,
    kernel: version.KernelVersion,
    isRootless: info.Rootless || (info.SecurityOptions ?? []).some((option) => option.includes('rootless')),
    cgroupVersion: info.CgroupVersion,
    memoryBytes: info.MemTotal,
    cpus: info.NCPU,
  }
}

/** Why this engine cannot run a bridge; nothing when it can. Whether its kernel has an NFS client shows only when one is tried. */
export function obstacleOf({ os, arch, apiVersion, version, isRootless }: EngineInfo): AppError | undefined {
  if (os !== 'linux' || !architectures.includes(arch))
    return new AppError('engine-arch', { arch: `${os}/${arch}` })
  if (isOlder(apiVersion, oldestApi))
    return new AppError('engine-too-old', { version, apiVersion, oldestApi })
  if (isRootless) return new AppError('engine-rootless')
  return undefined
}

function kindOf(
  { Components }: VersionAnswer,
  { Name, OperatingSystem }: InfoAnswer,
  address: string,
): EngineKind {
  if (Components?.some(({ Name: component }) => component.startsWith('Podman')) === true) return 'podman'
  if (OperatingSystem.includes('Docker Desktop')) return 'docker-desktop'
  if (OperatingSystem.includes('OrbStack') || address.includes('/.orbstack/')) return 'orbstack'
  if (/^colima\b/.test(Name) || address.includes('/.colima/')) return 'colima'
  if (Name.includes('rancher-desktop') || address.includes('/.rd/')) return 'rancher-desktop'
  return 'docker'
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = than.split('.').map(Number)
  return major < otherMajor || (major === otherMajor && minor < otherMinor)
}
