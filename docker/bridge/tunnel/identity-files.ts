import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { TunnelIdentity } from '../api/start.ts'

export interface IdentityFiles {
  readonly certificatePath: string
  readonly privateKeyPath: string
  /** Replaces both. A program that is told to reload afterwards reads a pair that fits. */
  write(identity: TunnelIdentity): Promise<void>
}

/**
 * Certificate and key of the tunnel in `runDir`, which must be a tmpfs: they never touch a disk. Readable by their owner only, and whole
 * at every moment: efs-proxy ignores all later reloads after one that found half a file.
 */
export function createIdentityFiles(runDir: string): IdentityFiles {
  const certificatePath = join(runDir, 'certificate.pem')
  const privateKeyPath = join(runDir, 'private-key.pem')
  return {
    certificatePath,
    privateKeyPath,
    write: async ({ certificatePem, privateKeyPem }) => {
      await replaceFile(privateKeyPath, privateKeyPem)
      await replaceFile(certificatePath, certificatePem)
    },
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const newPath = `${path}.new`
  await writeFile(newPath, text, { mode: 0o600 })
  await rename(newPath, path)
}
