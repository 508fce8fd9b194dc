import { randomBytes, randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { basename } from 'node:path'

import type { Drive } from './drive.ts'

/** Without the letters and digits that are taken for one another. */
const idAlphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const idLength = 6

/** The identity a drive keeps for its life: chosen here, never again unless its port is taken. */
export type DriveIdentity = Pick<Drive, 'id' | 'port' | 'pathSecret'>

export async function makeIdentity(): Promise<DriveIdentity> {
  const id = Array.from({ length: idLength }, () => idAlphabet[randomInt(idAlphabet.length)]).join('')
  return { id, port: await freePort(), pathSecret: newPathSecret() }
}

/** 128 bits that nobody can guess: who does not know them cannot reach the files, though the port is open to all on this machine. */
export function newPathSecret(): string {
  return randomBytes(16).toString('hex')
}

/** A TCP port on 127.0.0.1 that nobody uses at this moment, chosen by the system. */
export async function freePort(): Promise<number> {
  const server = createServer()
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = address === null || typeof address === 'string' ? 0 : address.port
      server.close(() => {
        resolve(port)
      })
    })
  })
}

/**
 * `wanted`, or the first of `wanted 2`, `wanted 3` … that no drive has. Capitals and Unicode forms make no difference,
 * because the default mount points would be one folder on a Mac.
 */
export function uniqueName(wanted: string, drives: readonly Pick<Drive, 'name'>[]): string {
  const taken = new Set(drives.map(({ name }) => comparable(name)))
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted} ${number}`
    if (!taken.has(comparable(name))) return name
  }
}

/** A name for the drive of a folder: the folder's own, which has no slash and is never empty. */
export function nameForFolder(sourceDir: string): string {
  return basename(sourceDir) === '' ? 'Root' : basename(sourceDir).normalize('NFC')
}

export function comparable(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
