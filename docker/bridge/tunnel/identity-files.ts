import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { TunnelIdentity } from '../api/start.ts'

export interface IdentityFiles {
  readonly certificatePath: string
  readonly privateKeyPath: string
  /** Whoever opens the two paths gets the old pair or the new one, never a mixture. */
  write(identity: TunnelIdentity): Promise<void>
}

/**
 * Certificate and key of the tunnel below `runDir`, which must be a tmpfs: they never touch a disk. Readable by their owner only.
 */
export function createIdentityFiles(runDir: string): IdentityFiles {
  const linkPath = join(runDir, 'identity')
  let count = 0
  return {
    certificatePath: join(linkPath, 'certificate.pem'),
    privateKeyPath: join(linkPath, 'private-key.pem'),
    write: async ({ certificatePem, privateKeyPem }) => {
      const previousDir = join(runDir, `identity-${count}`)
      count += 1
      const dir = join(runDir, `identity-${count}`)
      await rm(dir, { recursive: true, force: true })
      await mkdir(dir, { mode: 0o700 })
      await writeFile(join(dir, 'certificate.pem'), certificatePem, { mode: 0o600 })
      await writeFile(join(dir, 'private-key.pem'), privateKeyPem, { mode: 0o600 })
      await point(linkPath, dir)
      await rm(previousDir, { recursive: true, force: true })
    },
  }
}

/** Makes `linkPath` lead to `dir`, in one step: two files cannot be replaced at once, a link to both can. */
async function point(linkPath: string, dir: string): Promise<void> {
  const newLinkPath = `${linkPath}.new`
  await rm(newLinkPath, { force: true })
  await symlink(dir, newLinkPath)
  await rename(newLinkPath, linkPath)
}
