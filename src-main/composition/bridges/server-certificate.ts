import { readFile } from 'node:fs/promises'

import { AppError } from '../../shared/errors.ts'

/** The name on a mount target's certificate, wherever TLS connects to. */
export function serverNameOf(fileSystemId: string, region: string): string {
  const suffix = region.startsWith('cn-') ? 'on.amazonwebservices.com.cn' : 'on.aws'
  return `${fileSystemId}.s3files.${region}.${suffix}`
}

export async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new AppError('source-missing', { path }, { cause })
  }
}
