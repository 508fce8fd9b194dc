import { resolve } from 'node:path'

import type { FileSystem } from '../../services/drives/drive.ts'
import { fileSystemSchema } from '../../services/settings/schema.ts'
import { awsPatterns } from '../../shared/aws-patterns.ts'
import { AppError } from '../../shared/errors.ts'

/** What the command line says about an S3 Files file system. */
export interface FileSystemOptions {
  readonly region?: string
  readonly server?: string
  readonly profile?: string
  readonly accessPoint?: string
  readonly folder?: string
  readonly ca?: string
}

const defaultPort = 2049

export function isFileSystemId(text: string): boolean {
  return awsPatterns.fileSystemId.test(text)
}

/** @throws AppError `usage` for what is missing or malformed. */
export function fileSystemFrom(fileSystemId: string, options: FileSystemOptions): FileSystem {
  const { region, server, profile, accessPoint, folder, ca } = options
  if (region === undefined || server === undefined) {
    throw new AppError('usage', {
      reason: `${fileSystemId} needs --region and --server: where it is, and the address that its mount target is reached by`,
    })
  }
  const parsed = fileSystemSchema.safeParse({
    fileSystemId,
    region,
    server: addressFrom(server),
    profile,
    accessPointId: accessPoint,
    remotePath: folder,
    caPath: ca === undefined ? undefined : resolve(ca),
  })
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(({ path }) => optionOf(String(path[0])))
  throw new AppError('usage', { reason: `${wrong.join(' and ')} cannot be what is meant` })
}

/** True when anything was said that only a file system has. */
export function hasFileSystemOptions(options: FileSystemOptions): boolean {
  const { region, server, profile, accessPoint, folder, ca } = options
  return [region, server, profile, accessPoint, folder, ca].some((value) => value !== undefined)
}

/** `host`, `host:port`, `[v6]:port`. */
function addressFrom(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? []
  return { host: bracketed ?? plain ?? '', port: port === undefined ? defaultPort : Number(port) }
}

function optionOf(key: string): string {
  const options: Readonly<Record<string, string>> = {
    accessPointId: '--access-point',
    remotePath: '--folder',
    caPath: '--ca',
  }
  return options[key] ?? `--${key}`
}
