import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { writeFileAtomic } from '../../../lib/atomic-file.ts'
import { acquireFileLock, LockHeldError } from '../../../lib/file-lock.ts'
import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import {
  formatRegistration,
  formatToken,
  parseRegistration,
  parseToken,
  type ClientRegistration,
  type SsoToken,
} from './cached-records.ts'
import { registrationFileName, tokenFileName } from './cache-names.ts'
import { scopesOf, type IdentityCenter } from './identity-center.ts'

/** Sign-ins and client registrations in the files that the AWS CLI and the SDKs use too. */
export interface SsoCache {
  /** `undefined` also for a file that is none: the next sign-in replaces it. */
  readToken(center: IdentityCenter): Promise<SsoToken | undefined>
  writeToken(center: IdentityCenter, token: SsoToken): Promise<void>
  removeToken(center: IdentityCenter): Promise<void>
  readRegistration(center: IdentityCenter): Promise<ClientRegistration | undefined>
  writeRegistration(center: IdentityCenter, registration: ClientRegistration): Promise<void>
  removeRegistration(center: IdentityCenter): Promise<void>
  /** Keeps other processes of Mountbar from changing the token until disposed. AWS's own programs know no lock. */
  lock(center: IdentityCenter, signal: AbortSignal): Promise<Disposable>
}

export interface SsoCacheOptions {
  /** `~/.aws/sso/cache`. Made when there is something to keep, for its owner only. */
  readonly cacheDir: string
  /** Of Mountbar's own: the lock files are none of the AWS CLI's business. */
  readonly lockDir: string
  readonly clock: Clock
}

/** Longer than a renewal may take. */
const lockLimitMs = 60_000

export function ssoCacheDirOf(homeDir: string): string {
  return join(homeDir, '.aws', 'sso', 'cache')
}

/** Every method rejects with `sso-cache-unusable` when the system does not let it. */
export function createSsoCache({ cacheDir, lockDir, clock }: SsoCacheOptions): SsoCache {
  const tokenPath = (center: IdentityCenter): string => join(cacheDir, tokenFileName(center))
  const registrationPath = (center: IdentityCenter): string => join(cacheDir, registrationFileName(center))
  const guarded = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      throw unusable(path, cause)
    }
  }
  const read = (path: string): Promise<string> => guarded(path, () => readIfThere(path))
  const write = (path: string, text: string): Promise<void> =>
    guarded(path, async () => {
      await mkdir(cacheDir, { recursive: true, mode: 0o700 })
      await writeFileAtomic(path, text)
    })
  const remove = (path: string): Promise<void> => guarded(path, () => rm(path, { force: true }))
  return {
    readToken: async (center) => parseToken(await read(tokenPath(center))),
    writeToken: (center, token) => write(tokenPath(center), formatToken(token)),
    removeToken: (center) => remove(tokenPath(center)),
    readRegistration: async (center) => parseRegistration(await read(registrationPath(center))),
    writeRegistration: (center, registration) =>
      write(registrationPath(center), formatRegistration(registration, scopesOf(center))),
    removeRegistration: (center) => remove(registrationPath(center)),
    lock: async (center, signal) => {
      const path = join(lockDir, `${tokenFileName(center)}.lock`)
      signal.throwIfAborted()
      await guarded(lockDir, () => mkdir(lockDir, { recursive: true, mode: 0o700 }))
      try {
        return await acquireFileLock(path, { clock, timeoutMs: lockLimitMs, signal })
      } catch (cause) {
        signal.throwIfAborted()
        throw unusable(path, cause)
      }
    },
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

function unusable(path: string, cause: unknown): AppError {
  return new AppError('sso-cache-unusable', { path, reason: reasonOf(cause) }, { cause })
}

function reasonOf(error: unknown): string {
  if (error instanceof LockHeldError) return 'another process holds it'
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}
