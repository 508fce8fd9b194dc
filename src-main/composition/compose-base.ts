import { join } from 'node:path'

import { redact } from '../core/redact.ts'
import { systemClock, type Clock } from '../lib/clock.ts'
import { resolveHostDirs, type HostDirs } from '../lib/host-dirs.ts'
import { createLogFile } from '../lib/log-file.ts'
import { createLogger, logLevels, type Logger } from '../lib/logger.ts'
import { createRunProcess } from '../lib/run-process.ts'
import { createDiagnostics, type Diagnostics } from '../services/diagnostics/diagnostics.ts'
import type { DiagnosticsContext } from '../services/diagnostics/context.ts'
import { createDrives, type Drives } from '../services/drives/drives.ts'
import { createSettingsStore, type SettingsStore } from '../services/settings/settings-store.ts'
import { selectVolumes } from '../services/volumes/select-volumes.ts'
import { createMfaDesk, type MfaDesk } from './aws/mfa-desk.ts'
import { driveBridges } from './bridges/drive-bridges.ts'
import { diagnosedDrives } from './diagnosed-drives.ts'
import { driveFronts, trialFrontStarter } from './drive-fronts.ts'
import { driveListOf } from './drive-list.ts'
import type { Machine } from './machine.ts'

const logFileBytes = 5_000_000

/** What the command and the app are both made of. */
export interface Base {
  readonly machine: Machine
  readonly dirs: HostDirs
  readonly settings: SettingsStore
  readonly drives: Drives
  readonly diagnostics: Diagnostics
  readonly mfa: MfaDesk
  readonly clock: Clock
  readonly log: Logger
}

/** Joins the services. Nothing is started, read or created here. */
export function composeBase(machine: Machine): Base {
  const { platform, env, nodeVersion } = machine
  const clock = systemClock
  const dirs = resolveHostDirs(machine)
  const log = createLogger({
    sink: createLogFile({ filePath: logPathOf(dirs), maxBytes: logFileBytes }),
    level: logLevels.find((level) => level === env['MOUNTBAR_LOG']) ?? 'info',
    format: 'text',
    redact,
    clock,
  })
  const run = createRunProcess(env)
  const settings = createSettingsStore({ filePath: join(dirs.configDir, 'settings.json'), clock, log })
  const mfa = createMfaDesk()
  const drives = createDrives({
    drives: driveListOf(settings),
    fronts: driveFronts(machine, dirs, log),
    bridges: driveBridges({
      machine,
      dirs,
      mfa,
      chosenEngine: async () => (await settings.read()).engine,
      clock,
      log,
    }),
    volumes: selectVolumes(platform, { run, clock, log, ...dirs }),
    dirs,
    clock,
    log,
  })
  const diagnostics = createDiagnostics({
    platform,
    nodeVersion,
    env,
    dirs,
    run,
    clock,
    readSettings: () => settings.read(),
    observeDrives: () => diagnosedDrives(drives),
    obstacleToMounting: () => drives.obstacleToMounting(),
    startTrialFront: trialFrontStarter(machine, log),
    examineAws: awsExaminer(machine, { drives, dirs, clock, log }),
  })
  return { machine, dirs, settings, drives, diagnostics, mfa, clock, log }
}

export function logPathOf({ logDir }: HostDirs): string {
  return join(logDir, 'mountbar.log')
}

/** Loaded when it is asked for, and AWS's clients only with something to ask them. */
function awsExaminer(
  { env, homeDir }: Machine,
  { drives, dirs, clock, log }: Pick<Base, 'drives' | 'dirs' | 'clock' | 'log'>,
): DiagnosticsContext['examineAws'] {
  return async (signal) => {
    const [{ examineAws }, { openCredentials }] = await Promise.all([
      import('./aws/examine-aws.ts'),
      import('./aws/open-credentials.ts'),
    ])
    using credentials = openCredentials({ env, homeDir, dirs, clock, log })
    // A list that cannot be read is a finding of its own.
    const all = await drives.registry.list().catch(() => [])
    return await examineAws({ credentials, drives: all, clock }, signal)
  }
}
