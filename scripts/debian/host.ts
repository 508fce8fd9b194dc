import { readFileSync } from 'node:fs'
import { platform } from 'node:os'

/** What decides whether packages can be installed here without asking anybody. */
export interface Host {
  readonly platform: NodeJS.Platform
  readonly isRoot: boolean
  /** The `ID` of /etc/os-release, e.g. `debian`; empty where there is no such file. */
  readonly distribution: string
}

export function readHost(): Host {
  return {
    platform: platform(),
    isRoot: process.getuid?.() === 0,
    distribution: distributionOf(readOsRelease()),
  }
}

/** Takes the text of an os-release file, whose values may be quoted. */
export function distributionOf(osRelease: string): string {
  return /^ID="?([^"\n]*)"?$/m.exec(osRelease)?.[1] ?? ''
}

export function isRootOnDebian(host: Host): boolean {
  return host.platform === 'linux' && host.isRoot && host.distribution === 'debian'
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}
