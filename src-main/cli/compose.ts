import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { redact } from '../core/redact.ts'
import { systemClock } from '../lib/clock.ts'
import type { Clock } from '../lib/clock.ts'
import { resolveHostDirs } from '../lib/host-dirs.ts'
import type { HostDirs } from '../lib/host-dirs.ts'
import { createLogFile } from '../lib/log-file.ts'
import { createLogger, logLevels } from '../lib/logger.ts'
import type { Logger } from '../lib/logger.ts'
import { createRunProcess } from '../lib/run-process.ts'
import { createDiagnostics } from '../services/diagnostics/diagnostics.ts'
import type { DiagnosticsContext } from '../services/diagnostics/context.ts'
import { createDrives } from '../services/drives/drives.ts'
import { newPathSecret } from '../services/drives/new-drive.ts'
import type { Drives } from '../services/drives/drives.ts'
import type { Bridges, DriveList, Fronts } from '../services/drives/ports.ts'
import { connectFront } from '../services/fronts/connect-front.ts'
import { controlSocketPathOf } from '../services/fronts/control-sockets.ts'
import { discardTraces } from '../services/fronts/discard-traces.ts'
import { discardKeptUploads, readKeptUploads } from '../services/fronts/kept-uploads.ts'
import { startFront } from '../services/fronts/start-front.ts'
import { readInstallationId } from '../services/settings/installation-id.ts'
import { createSettingsStore } from '../services/settings/settings-store.ts'
import type { SettingsStore } from '../services/settings/settings-store.ts'
import { selectVolumes } from '../services/volumes/select-volumes.ts'
import { createMfaDesk, type MfaDesk } from './aws/mfa-desk.ts'
import { createOpenUrl } from './aws/open-url.ts'
import { bridgeImageOf } from './bridges/bridge-image.ts'
import type { Services } from './command-context.ts'
import { createSpawnKeeper } from './keeper/spawn-keeper.ts'

const frontStartLimitMs = 20_000
const frontAnswerLimitMs = 3_000
const logFileBytes = 5_000_000

export interface Machine {
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
  readonly homeDir: string
  /** Stands in the names of files that were kept because of a conflict. */
  readonly hostName: string
  readonly nodePath: string
  readonly nodeVersion: string
  /** The file that runs now; the front's bundle lies beside it. */
  readonly cliUrl: string
}

/** Joins the services. Nothing is started, read or created here. */
export function composeServices(machine: Machine): Services {
  const { platform, env } = machine
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
  const fronts = frontsOf(machine, dirs, log)
  const mfa = createMfaDesk()
  const bridges = bridgesOf(machine, dirs, mfa, { clock, log })
  const volumes = selectVolumes(platform, { run, clock, log, ...dirs })
  const drives = createDrives({ drives: driveListOf(settings), fronts, bridges, volumes, dirs, clock, log })

  return {
    drives,
    diagnostics: createDiagnostics({
      platform,
      nodeVersion: machine.nodeVersion,
      env,
      dirs,
      run,
      clock,
      readSettings: () => settings.read(),
      observeDrives: () => diagnosedDrives(drives),
      obstacleToMounting: () => drives.obstacleToMounting(),
      startTrialFront: trialFrontStarter(machine, log),
      examineAws: awsExaminer(machine, dirs, drives, { clock, log }),
    }),
    aws: async () => {
      const { openAws } = await import('./aws/open-aws.ts')
      const openUrl = createOpenUrl({ platform, env, clock })
      return openAws({ env, homeDir: machine.homeDir, dirs, openUrl, clock, log })
    },
    spawnKeeper: createSpawnKeeper({
      nodePath: machine.nodePath,
      cliPath: fileURLToPath(machine.cliUrl),
      env,
      outputPath: join(dirs.logDir, 'keeper.log'),
    }),
    mfa,
    dirs,
    clock,
    log,
  }
}

export function logPathOf({ logDir }: HostDirs): string {
  return join(logDir, 'mountbar.log')
}

/** What bridges are made of is loaded with the first of them: most commands start none. */
function bridgesOf(
  machine: Machine,
  dirs: HostDirs,
  mfa: MfaDesk,
  common: { readonly clock: Clock; readonly log: Logger },
): Bridges {
  const { env, homeDir } = machine
  return {
    start: async (drive, options) => {
      const [{ composeBridges }, { openDriveIdentity }] = await Promise.all([
        import('./bridges/compose-bridges.ts'),
        import('./bridges/drive-identities.ts'),
      ])
      const bridges = composeBridges({
        surroundings: { chosen: undefined, env, homeDir },
        image: bridgeImageOf(machine),
        installationId: () => readInstallationId(join(dirs.stateDir, 'installation-id')),
        identityOf: (of, commonName) =>
          openDriveIdentity(of, commonName, { env, homeDir, dirs, mfa, ...common }),
        ...common,
      })
      return await bridges.start(drive, options)
    },
  }
}

/** Loaded when it is asked for, and AWS's clients only with something to ask them. */
function awsExaminer(
  { env, homeDir }: Machine,
  dirs: HostDirs,
  { registry }: Drives,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): DiagnosticsContext['examineAws'] {
  return async (signal) => {
    const [{ examineAws }, { openCredentials }] = await Promise.all([
      import('./aws/examine-aws.ts'),
      import('./aws/open-credentials.ts'),
    ])
    using credentials = openCredentials({ env, homeDir, dirs, clock, log })
    // A list that cannot be read is a finding of its own.
    const drives = await registry.list().catch(() => [])
    return await examineAws({ credentials, drives, clock }, signal)
  }
}

function driveListOf(settings: SettingsStore): DriveList {
  return {
    read: async () => (await settings.read()).drives,
    update: async (change) => {
      return (await settings.update((all) => ({ ...all, drives: [...change(all.drives)] }))).drives
    },
  }
}

function frontsOf(
  { nodePath, cliUrl, hostName }: Machine,
  { runDir, cacheDir }: HostDirs,
  log: Logger,
): Fronts {
  const entryPath = frontPathBeside(cliUrl)
  return {
    start: (config, signal) => {
      const controlSocketPath = controlSocketPathOf(runDir, config.driveId)
      return startFront({
        entryPath,
        nodePath,
        config: {
          ...config,
          controlSocketPath,
          hostName,
          cacheDir: cacheDirOf(cacheDir, config.driveId),
        },
        log,
        signal,
        timeoutMs: frontStartLimitMs,
      })
    },
    connect: (driveId) =>
      connectFront(controlSocketPathOf(runDir, driveId), { timeoutMs: frontAnswerLimitMs }),
    keptUploads: (frontStateDir) => readKeptUploads(frontStateDir, log),
    discardKeptUploads,
    discardTraces: (driveId) =>
      discardTraces([cacheDirOf(cacheDir, driveId), controlSocketPathOf(runDir, driveId)], log),
  }
}

function cacheDirOf(cacheDir: string, driveId: string): string {
  return join(cacheDir, 'fronts', driveId)
}

/** A front that no drive owns: no control socket, any port, a secret of its own. */
function trialFrontStarter(
  { nodePath, cliUrl }: Machine,
  log: Logger,
): DiagnosticsContext['startTrialFront'] {
  return (rootDir, stateDir) =>
    startFront({
      entryPath: frontPathBeside(cliUrl),
      nodePath,
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
      timeoutMs: frontStartLimitMs,
    })
}

function frontPathBeside(cliUrl: string): string {
  return fileURLToPath(new URL('./front.js', cliUrl))
}

async function diagnosedDrives(drives: Drives): ReturnType<DiagnosticsContext['observeDrives']> {
  const all = await drives.observeAll()
  return all.map(({ drive, hasVolume, front, frontStatus, kept }) => {
    const { id, name, port } = drive
    const { attention = 0, oldestAgeMs = 0 } = frontStatus?.uploads ?? {}
    return {
      id,
      name,
      port,
      hasVolume,
      front,
      uploads: { attention: attention + (kept?.attention ?? 0), oldestAgeMs, kept: kept?.count ?? 0 },
    }
  })
}
