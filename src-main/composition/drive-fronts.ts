import { join } from 'node:path'

import type { HostDirs } from '../lib/host-dirs.ts'
import type { Logger } from '../lib/logger.ts'
import type { DiagnosticsContext } from '../services/diagnostics/context.ts'
import { newPathSecret } from '../services/drives/new-drive.ts'
import type { Fronts } from '../services/drives/ports.ts'
import { connectFront } from '../services/fronts/connect-front.ts'
import { controlSocketPathOf } from '../services/fronts/control-sockets.ts'
import { discardTraces } from '../services/fronts/discard-traces.ts'
import { discardKeptUploads, readKeptUploads } from '../services/fronts/kept-uploads.ts'
import { nodeProgram, type StartProgram } from '../services/fronts/front-child.ts'
import { startFront } from '../services/fronts/start-front.ts'
import { pathBesideProgram, type Machine } from './machine.ts'

const startLimitMs = 20_000
const answerLimitMs = 3_000

/** Fronts as drives need them: each with its control socket and its place for copies. */
export function driveFronts(machine: Machine, { runDir, cacheDir }: HostDirs, log: Logger): Fronts {
  return {
    start: (config, signal) => {
      const controlSocketPath = controlSocketPathOf(runDir, config.driveId)
      return startFront({
        ...programOf(machine),
        config: {
          ...config,
          controlSocketPath,
          hostName: machine.hostName,
          cacheDir: cacheDirOf(cacheDir, config.driveId),
        },
        log,
        signal,
        timeoutMs: startLimitMs,
      })
    },
    connect: (driveId) => connectFront(controlSocketPathOf(runDir, driveId), { timeoutMs: answerLimitMs }),
    keptUploads: (frontStateDir) => readKeptUploads(frontStateDir, log),
    discardKeptUploads,
    discardTraces: (driveId) =>
      discardTraces([cacheDirOf(cacheDir, driveId), controlSocketPathOf(runDir, driveId)], log),
  }
}

/** Starts a front that no drive owns: no control socket, any port, a secret of its own. */
export function trialFrontStarter(machine: Machine, log: Logger): DiagnosticsContext['startTrialFront'] {
  return (rootDir, stateDir) =>
    startFront({
      ...programOf(machine),
      config: {
        driveId: 'doctor',
        driveName: 'Doctor',
        port: 0,
        pathSecret: newPathSecret(),
        backend: { kind: 'local', rootDir },
        stateDir,
      },
      log,
      signal: new AbortController().signal,
      timeoutMs: startLimitMs,
    })
}

function programOf(machine: Machine): { readonly entryPath: string; readonly startProgram: StartProgram } {
  const { nodePath, startProgram = nodeProgram(nodePath) } = machine
  return { entryPath: pathBesideProgram(machine, './front.js'), startProgram }
}

function cacheDirOf(cacheDir: string, driveId: string): string {
  return join(cacheDir, 'fronts', driveId)
}
