import { EventEmitter } from 'node:events'
import { join } from 'node:path'

import { createMfaDesk } from '../../src-main/composition/aws/mfa-desk.ts'
import type { Stacks } from '../../src-main/composition/stacks/open-stacks.ts'
import type { Aws } from '../../src-main/composition/aws/open-aws.ts'
import type { Services } from '../../src-main/cli/command-context.ts'
import { listenForInterrupts } from '../../src-main/cli/interrupts.ts'
import type { MountedMessage } from '../../src-main/cli/keeper/keeper-protocol.ts'
import { runCommand } from '../../src-main/cli/run.ts'
import { systemClock } from '../../src-main/lib/clock.ts'
import { resolveHostDirs } from '../../src-main/lib/host-dirs.ts'
import { silentLogger } from '../../src-main/lib/logger.ts'
import type { CheckResult } from '../../src-main/services/diagnostics/check.ts'
import { createDrives } from '../../src-main/services/drives/drives.ts'
import { urlOf } from '../../src-main/services/drives/drive.ts'
import type { MfaQuestion } from '../../src-main/services/credentials/ports.ts'
import type { AppError } from '../../src-main/shared/errors.ts'
import { FakeDriveList } from './fake-drive-list.ts'
import { FakeBridges } from './fake-bridges.ts'
import { FakeFronts } from './fake-fronts.ts'
import { FakeTerminal } from './fake-terminal.ts'
import { FakeVolumes } from './fake-volumes.ts'

/** The whole command with real parsing, commands and drives, on fakes of everything outside. */
export class FakeCommandLine {
  readonly fronts = new FakeFronts()
  readonly bridges = new FakeBridges()
  readonly volumes = new FakeVolumes()
  readonly list = new FakeDriveList()
  readonly terminal: FakeTerminal
  /** Emit `SIGINT` here to press Ctrl-C. */
  readonly process = new EventEmitter()
  readonly keepersStarted: string[] = []
  keeperError: AppError | undefined
  keeperAnswer: Partial<MountedMessage> = {}
  checkResults: CheckResult[] = []
  aws: Aws | undefined
  stacks: Stacks | undefined
  connections: Awaited<ReturnType<Services['connections']>> | undefined
  readonly mfa = createMfaDesk()
  /** What a keeper asks before it mounts, and what it was told. */
  mfaQuestion: MfaQuestion | undefined
  mfaCode: string | undefined
  readonly #homeDir: string

  constructor(homeDir: string, options: { readonly isInteractive?: boolean } = {}) {
    this.#homeDir = homeDir
    this.terminal = new FakeTerminal(options)
  }

  /** Runs one command line to its end. @returns the exit status. */
  run(...args: readonly string[]): Promise<number> {
    const { terminal } = this
    const interrupts = listenForInterrupts(this.process)
    return runCommand(
      args,
      { services: this.#services(), terminal, interrupts, homeDir: this.#homeDir },
      {
        version: '1.2.3',
        logPath: '/logs/mountbar.log',
        output: { writeOut: terminal.print, writeErr: terminal.note },
      },
    )
  }

  #services(): Services {
    const host = {
      platform: 'linux',
      env: { MOUNTBAR_HOME: join(this.#homeDir, 'app') },
      homeDir: this.#homeDir,
    } as const
    const dirs = resolveHostDirs(host)
    const { fronts, bridges, volumes, list } = this
    const clock = systemClock
    return {
      drives: createDrives({ drives: list, fronts, bridges, volumes, dirs, clock, log: silentLogger }),
      diagnostics: { run: () => Promise.resolve(this.checkResults) },
      spawnKeeper: async (driveId, { signal, onStep, askMfaCode }) => {
        this.keepersStarted.push(driveId)
        onStep('mounting')
        if (this.mfaQuestion !== undefined) this.mfaCode = await askMfaCode(this.mfaQuestion, signal)
        if (this.keeperError !== undefined) throw this.keeperError
        const drive = list.drives.find(({ id }) => id === driveId)
        if (drive === undefined) throw new Error('a keeper was started for no drive')
        const { port } = drive
        return {
          type: 'mounted',
          url: urlOf(drive),
          mountPoint: '/mnt/it',
          port,
          ...this.keeperAnswer,
        }
      },
      aws: () =>
        this.aws === undefined ? Promise.reject(new Error('there is no AWS')) : Promise.resolve(this.aws),
      stacks: () =>
        this.stacks === undefined
          ? Promise.reject(new Error('there is no AWS'))
          : Promise.resolve({ ...this.stacks, [Symbol.dispose]: () => undefined }),
      connections: () =>
        this.connections === undefined
          ? Promise.reject(new Error('there is no AWS'))
          : Promise.resolve(this.connections),
      mfa: this.mfa,
      dirs,
      clock,
      log: silentLogger,
    }
  }
}
