import { dirname } from 'node:path'

import { BridgeError } from '../../lib/bridge-error.ts'
import { lstat } from './fs-calls.ts'

/**
 * Tells the mounted file system from the bare folder under it. Between two mounts that folder is empty: taken for the drive, all files
 * would be gone, and what is written would be lost.
 */
export class MountGuard {
  readonly #rootDir: string
  readonly #bareDevice: bigint | undefined

  private constructor(rootDir: string, bareDevice: bigint | undefined) {
    this.#rootDir = rootDir
    this.#bareDevice = bareDevice
  }

  /** A root that is no mount point now (a folder, in tests) is only watched for being there. */
  static async around(rootDir: string): Promise<MountGuard> {
    const [root, above] = await Promise.all([lstat(rootDir), lstat(dirname(rootDir))])
    return new MountGuard(rootDir, root.dev === above.dev ? undefined : above.dev)
  }

  /** Mostly answered from the kernel's memory. @throws BridgeError `mount-lost`. */
  async check(): Promise<void> {
    const root = await lstat(this.#rootDir).catch((error: unknown) => {
      throw new BridgeError('mount-lost', {}, { cause: error })
    })
    if (root.dev === this.#bareDevice) throw new BridgeError('mount-lost')
  }
}
