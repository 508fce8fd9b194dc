import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach } from 'vitest'

import { createLocalBackend } from '../../../src-main/front/backends/local/local-backend.ts'
import { Drive, type Subject } from '../backend/subject.ts'

export interface LocalSubject extends Subject {
  /** The folder that the drive shows. */
  readonly rootDir: string
  /** A folder beside it, which no request may reach. */
  readonly outsideDir: string
}

/** A local backend over a temporary folder of its own. */
export async function makeLocalBackend({ durable }: { readonly durable: boolean }): Promise<LocalSubject> {
  const dir = await mkdtemp(join(tmpdir(), 'mountbar-backend-'))
  const rootDir = join(dir, 'root')
  const outsideDir = join(dir, 'outside')
  await mkdir(rootDir)
  await mkdir(outsideDir)
  return {
    backend: await createLocalBackend({ rootDir, durable }),
    rootDir,
    outsideDir,
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** A drive whose folder the test may also handle directly. */
export class LocalDrive extends Drive {
  readonly rootDir: string
  readonly outsideDir: string

  constructor(subject: LocalSubject) {
    super(subject.backend)
    this.rootDir = subject.rootDir
    this.outsideDir = subject.outsideDir
  }

  /** The absolute path of a file or directory of the drive. */
  real(path: string): string {
    return join(this.rootDir, path)
  }

  outside(name: string): string {
    return join(this.outsideDir, name)
  }

  /** All names below the folder as the disk has them, our temporary files included, sorted. */
  async namesOnDisk(): Promise<string[]> {
    return (await readdir(this.rootDir, { recursive: true })).sort()
  }
}

/** As `useDrive`, over a folder. */
export function useLocalDrive(options = { durable: false }): () => LocalDrive {
  let subject: LocalSubject | undefined
  let drive: LocalDrive | undefined
  beforeEach(async () => {
    subject = await makeLocalBackend(options)
    drive = new LocalDrive(subject)
  })
  afterEach(() => subject?.[Symbol.asyncDispose]())
  return () => drive!
}

/**
 * Runs `act` with no more rights than an ordinary user has over the folder: permissions mean nothing to root, so root
 * becomes nobody for that time. The folder itself is opened to everybody.
 */
export async function asOrdinaryUser<T>(drive: LocalDrive, act: () => Promise<T>): Promise<T> {
  await chmod(join(drive.rootDir, '..'), 0o755)
  await chmod(drive.rootDir, 0o777)
  const userId = process.geteuid?.()
  if (userId !== 0) return act()
  process.seteuid?.('nobody')
  try {
    return await act()
  } finally {
    process.seteuid?.(userId)
  }
}
