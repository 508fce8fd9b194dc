import { z } from 'zod'

import { bridgeErrorSchema } from '../../../docker/bridge/api/errors.ts'
import { fileRoutes, type ExportStatus } from '../../../docker/bridge/api/files.ts'
import { AppError } from '../../shared/errors.ts'
import { appErrorOf } from './bridge-errors.ts'
import type { BridgeAddress } from './bridge.ts'

/** The agent itself gives up after ten seconds. */
const answerTimeoutMs = 15_000

const exportSchema = z.object({
  objectUrl: z.string().optional(),
  exportError: z.string().optional(),
  filePath: z.string().optional(),
} satisfies Record<keyof ExportStatus, z.ZodType>)

/**
 * What S3 Files says of the export of one file, asked of an agent. @param path as the front has it, from a slash at its beginning.
 * @returns undefined where the server keeps no such thing.
 * @throws AppError `not-found` when there is no such file, what the agent refuses with, `bridge-timeout`.
 */
export async function askExport(
  address: BridgeAddress,
  path: string,
  signal: AbortSignal,
): Promise<z.output<typeof exportSchema> | undefined> {
  const told = await ask(address, fileRoutes.exportStatus, path, signal)
  if (told.ok) return exportSchema.parse(await told.json())
  if (told.status !== 404) throw await refusalOf(told, path)
  await told.body?.cancel()
  // The same answer for no file as for a server that keeps nothing: whether the file is there says which of the two it was.
  const there = await ask(address, fileRoutes.attributes, path, signal)
  if (!there.ok) throw await refusalOf(there, path)
  await there.body?.cancel()
  return undefined
}

async function ask(
  { filesUrl, token }: BridgeAddress,
  route: string,
  path: string,
  signal: AbortSignal,
): Promise<Response> {
  // Not by `URLSearchParams`: here a plus sign is a plus sign.
  const url = `${filesUrl}${route}?path=${encodeURIComponent(path.replace(/^\/+/, ''))}`
  try {
    return await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    })
  } catch (cause) {
    throw new AppError('bridge-timeout', { timeoutMs: answerTimeoutMs }, { cause })
  }
}

async function refusalOf(response: Response, path: string): Promise<AppError> {
  const body = bridgeErrorSchema.safeParse(await response.json().catch(() => undefined))
  // The agent's path is relative to its mount.
  if (body.success) return appErrorOf({ ...body.data, args: { ...body.data.args, path } })
  return new AppError('message-invalid', { reason: `the agent answered with status ${response.status}` })
}
