import { readFile } from 'node:fs/promises'
import { release } from 'node:os'

import { apiVersion, type Health, type TunnelHealth } from '../../api/control.ts'
import { bridgeVersion } from '../../lib/version.ts'
import type { AgentView } from '../agent-state.ts'

export type AgentVersions = Health['versions']

export interface HealthFacts {
  readonly view: AgentView
  readonly sinceMs: number
  readonly clockMs: number
  readonly tunnel: TunnelHealth
  readonly latency: { readonly roundTripMs: number; readonly atMs: number } | undefined
  readonly mount: Health['mount']
  readonly files: Health['files']
  readonly versions: AgentVersions
}

export function healthOf({ view, latency, ...facts }: HealthFacts): Health {
  return {
    apiVersion,
    ...view,
    ...facts,
    ...(latency === undefined ? {} : { roundTripMs: latency.roundTripMs, probedAtMs: latency.atMs }),
  }
}

/** Of agent and tunnel, which come from one image. */
export async function readVersions(tunnelVersionPath: string): Promise<AgentVersions> {
  const tunnel = await readFile(tunnelVersionPath, 'utf8').catch(() => '')
  return {
    agent: bridgeVersion,
    node: process.versions.node,
    kernel: release(),
    ...(tunnel.trim() === '' ? {} : { tunnel: tunnel.trim() }),
  }
}
