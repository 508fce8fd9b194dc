import { lstat, mkdir } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import { dirname, join } from 'node:path'

import { maxSocketPathBytes } from '../../lib/host-dirs.ts'
import { AppError } from '../../shared/errors.ts'

const extension = '.sock'

/** The control socket of a drive's front: `<runDir>/<driveId>.sock`. @throws AppError `state-dir-unusable` {path} when longer than a socket path may be. */
export function controlSocketPathOf(runDir: string, driveId: string): string {
  return checkSocketPath(join(runDir, `${driveId}${extension}`))
}

/** The system cuts longer paths off silently, and two fronts would meet on one socket. */
export function checkSocketPath(path: string): string {
  if (Buffer.byteLength(path) > maxSocketPathBytes) throw new AppError('state-dir-unusable', { path })
  return path
}

/**
 * Makes the folder of a control socket, and checks that it is this user's alone: it may lie in /tmp, where others can make folders too.
 * @throws AppError `state-dir-unusable` {path}.
 */
export async function prepareSocketDir(socketPath: string): Promise<void> {
  const dir = dirname(checkSocketPath(socketPath))
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const { uid, mode } = await lstat(dir)
    if (uid === process.getuid?.() && (mode & 0o077) === 0) return
  } catch (cause) {
    throw new AppError('state-dir-unusable', { path: dir }, { cause })
  }
  throw new AppError('state-dir-unusable', { path: dir, reason: 'others can get at it' })
}

/** The last one is met when the front ends in the very moment of connecting. */
const nobodyThere: ReadonlySet<unknown> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ECONNRESET'])

/** Opens a control socket; `undefined` when nobody listens there. @throws AppError `permission-denied` {path} or `unexpected`. */
export async function openControlSocket(path: string): Promise<Socket | undefined> {
  const socket = createConnection(path)
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return socket
  } catch (cause) {
    socket.destroy()
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (nobodyThere.has(code)) return undefined
    throw new AppError(code === 'EACCES' ? 'permission-denied' : 'unexpected', { path }, { cause })
  }
}
