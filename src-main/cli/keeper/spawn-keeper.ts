import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { PreparingStep } from '../../shared/drive-state.ts'
import type { AskMfaCode, MfaQuestion } from '../../services/credentials/ports.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { keeperMessageSchema } from './keeper-protocol.ts'
import type { CommandMessage, MountedMessage } from './keeper-protocol.ts'

export interface SpawnKeeperOptions {
  /** Asks the keeper to give up; it rolls back what it has done so far. */
  readonly signal: AbortSignal
  readonly onStep: (step: PreparingStep) => void
  /** Asks on behalf of the keeper, which has no terminal. */
  readonly askMfaCode: AskMfaCode
}

/**
 * Starts a keeper for the drive and resolves when the volume is mounted; from then on the keeper lives on its own.
 * @throws AppError what the keeper failed with, or `unexpected` {logPath} when it ended without a word.
 */
export type SpawnKeeper = (driveId: string, options: SpawnKeeperOptions) => Promise<MountedMessage>

export interface KeeperProgram {
  readonly nodePath: string
  /** The bundled command itself. */
  readonly cliPath: string
  readonly env: NodeJS.ProcessEnv
  /** What the keeper writes to stdout and stderr, which it does only when something is very wrong. */
  readonly outputPath: string
}

export function createSpawnKeeper(program: KeeperProgram): SpawnKeeper {
  return async (driveId, options) => {
    const child = await spawnDetached(program, driveId)
    const giveUp = (): void => void child.kill('SIGTERM')
    options.signal.addEventListener('abort', giveUp)
    if (options.signal.aborted) giveUp()
    try {
      return await untilMounted(child, options, program.outputPath)
    } finally {
      options.signal.removeEventListener('abort', giveUp)
      if (child.connected) child.disconnect()
      child.unref()
    }
  }
}

/** A session of its own: Ctrl-C in this terminal, and its closing, are not the keeper's business. */
async function spawnDetached(
  { nodePath, cliPath, env, outputPath }: KeeperProgram,
  driveId: string,
): Promise<ChildProcess> {
  await mkdir(dirname(outputPath), { recursive: true, mode: 0o700 })
  await using output = await open(outputPath, 'a', 0o600)
  return spawn(nodePath, [cliPath, 'keep', driveId], {
    detached: true,
    // A keeper that stood in the user's folder would keep that folder's disk from being unmounted.
    cwd: '/',
    env,
    stdio: ['ignore', output.fd, output.fd, 'ipc'],
  })
}

function untilMounted(
  child: ChildProcess,
  { onStep, signal, askMfaCode }: SpawnKeeperOptions,
  logPath: string,
): Promise<MountedMessage> {
  const ended = new AbortController()
  const answering = AbortSignal.any([signal, ended.signal])
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new AppError('unexpected', { logPath }, { cause: error })))
    // `close` comes after the last message, `exit` may come before it.
    child.once('close', () => {
      ended.abort()
      // Interrupted so early that it could not even say so, it had done nothing yet.
      reject(signal.aborted ? new AppError('cancelled') : new AppError('unexpected', { logPath }))
    })
    child.on('message', (raw) => {
      const parsed = keeperMessageSchema.safeParse(raw)
      if (!parsed.success) {
        reject(new AppError('message-invalid', {}, { cause: parsed.error }))
        return
      }
      const message = parsed.data
      if (message.type === 'step') onStep(message.step)
      if (message.type === 'mfa-wanted') void answer(child, message, askMfaCode, answering)
      if (message.type === 'mounted') resolve(message)
      if (message.type === 'failed') reject(new AppError(message.error.code, message.error.args))
    })
  })
}

/** Never rejects: a keeper that has gone needs no answer. */
async function answer(
  child: ChildProcess,
  { profile, serial, role }: MfaQuestion,
  askMfaCode: AskMfaCode,
  signal: AbortSignal,
): Promise<void> {
  const message = await askMfaCode({ profile, serial, role }, signal).then(
    (code): CommandMessage => ({ type: 'mfa-code', code }),
    (error: unknown): CommandMessage => ({ type: 'mfa-refused', error: toAppError(error).toJSON() }),
  )
  if (child.connected) child.send(message, () => undefined)
}
