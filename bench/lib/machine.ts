import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'

/** What absolute figures depend on. */
export interface MachineFacts {
  readonly cores: number
  readonly processor: string
  readonly memoryGiB: number
  readonly kernel: string
  readonly system: string
  readonly node: string
}

export function readMachineFacts(): MachineFacts {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    system: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux',
    node: process.versions.node,
  }
}

export function machineLine(facts: MachineFacts): string {
  const { cores, processor, memoryGiB, kernel, system, node } = facts
  return `${cores} cores (${processor}), ${memoryGiB} GiB, ${system}, Linux ${kernel}, Node ${node}`
}
