import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Clock } from '../../../src-main/lib/clock.ts'
import { createEmitter, type Emitter } from '../../../src-main/lib/event.ts'
import { silentLogger, type Logger } from '../../../src-main/lib/logger.ts'
import { createCredentials, type Credentials } from '../../../src-main/services/credentials/credentials.ts'
import type { SsoSignIns } from '../../../src-main/services/credentials/ports.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import { makeTempDir } from '../temp-dir.ts'
import { AwsAccount } from './account.ts'
import type { AwsService } from './service.ts'
import { startSts } from './sts.ts'

export interface LocalAwsOptions {
  readonly clock: Clock
  readonly log?: Logger
  /** What AWS's clock shows; the same as `clock` unless told otherwise. */
  readonly nowMs?: () => number
  readonly signIns?: Partial<SsoSignIns>
  readonly answerLimitMs?: number
}

/** An AWS on this machine with a person's files beside it, and the credentials service under test between the two. */
export interface LocalAws extends AsyncDisposable {
  readonly account: AwsAccount
  readonly sts: AwsService
  readonly credentials: Credentials
  readonly homeDir: string
  readonly signInsChanged: Emitter<void>
  writeConfig(text: string): Promise<void>
  writeCredentials(text: string): Promise<void>
}

export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { clock, log = silentLogger, answerLimitMs = 20_000 } = options
  const nowMs = options.nowMs ?? (() => clock.now())
  const account = new AwsAccount()
  const sts = await startSts({ account, nowMs })
  const home = await makeTempDir('aws')
  await mkdir(join(home.dir, '.aws'))
  const signInsChanged: Emitter<void> = createEmitter()
  const signIns: SsoSignIns = {
    factsOf: () => Promise.resolve({ kind: 'missing' }),
    roleCredentials: () => Promise.reject(new AppError('sign-in-needed')),
    changed: signInsChanged,
    ...options.signIns,
  }
  const credentials = createCredentials({
    env: { AWS_ENDPOINT_URL_STS: sts.url },
    homeDir: home.dir,
    signIns: () => signIns,
    clock,
    log,
    random: () => 0.5,
    limits: { connectLimitMs: 20_000, answerLimitMs },
  })
  return {
    account,
    sts,
    credentials,
    homeDir: home.dir,
    signInsChanged,
    writeConfig: (text) => writeFile(join(home.dir, '.aws', 'config'), text),
    writeCredentials: async (text) => {
      const path = join(home.dir, '.aws', 'credentials')
      await writeFile(path, text)
      await chmod(path, 0o600)
    },
    [Symbol.asyncDispose]: async () => {
      credentials[Symbol.dispose]()
      await sts[Symbol.asyncDispose]()
      await home[Symbol.asyncDispose]()
    },
  }
}

/** The lines of a credentials file for a key. */
export function keyLines({
  accessKeyId,
  secretAccessKey,
  session,
}: {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly session?: { readonly token: string } | undefined
}): string {
  const token = session === undefined ? '' : `aws_session_token = ${session.token}\n`
  return `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n${token}`
}
