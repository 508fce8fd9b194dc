import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { redact } from '../../core/redact.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Diagnostics } from '../../services/diagnostics/diagnostics.ts'
import { AppError } from '../../shared/errors.ts'
import type { Desktop } from '../ports.ts'

export interface SaveDiagnosticsParts {
  readonly desktop: Pick<Desktop, 'chooseSavePath'>
  readonly diagnostics: Diagnostics
  readonly readSettings: () => Promise<unknown>
  readonly logDir: string
  readonly version: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

const logNames = ['mountbar.log.1', 'mountbar.log', 'keeper.log']
/** Of each log its last part. */
const maxLogBytes = 2_000_000

/**
 * Writes what a report needs into one text file, at a place that a person chooses: checks, settings, logs; all of it redacted. @returns its path;
 * nothing when the dialog was cancelled.
 * @throws AppError `permission-denied` {path} where it cannot be written.
 */
export async function saveDiagnostics(parts: SaveDiagnosticsParts): Promise<string | undefined> {
  const { desktop, clock } = parts
  const day = new Date(clock.now()).toISOString().slice(0, 10)
  const path = await desktop.chooseSavePath({
    title: 'Save diagnostics',
    defaultName: `Mountbar diagnostics ${day}.txt`,
  })
  if (path === undefined) return undefined
  const text = await diagnosticsText(parts)
  try {
    await writeFile(path, text, { mode: 0o600 })
  } catch (cause) {
    throw new AppError('permission-denied', { path }, { cause })
  }
  // A file that was there has kept its mode. Not every volume has modes.
  await chmod(path, 0o600).catch(() => undefined)
  return path
}

async function diagnosticsText(parts: SaveDiagnosticsParts): Promise<string> {
  const { diagnostics, readSettings, logDir, version, clock, signal } = parts
  const [checks, settings, ...logs] = await Promise.all([
    diagnostics.run(signal),
    readSettings().catch((error: unknown) => ({ error: String(error) })),
    ...logNames.map((name) => lastOf(join(logDir, name))),
  ])
  const sections: readonly (readonly [string, string])[] = [
    ['Mountbar', `${version}, ${process.platform} ${process.arch}, ${new Date(clock.now()).toISOString()}`],
    ['Checks', JSON.stringify(checks, undefined, 2)],
    ['Settings', JSON.stringify(settings, withoutSecrets, 2)],
    ...logNames.map((name, index) => [name, logs[index] ?? ''] as const),
  ]
  const text = sections.filter(([, body]) => body !== '').map(([title, body]) => `== ${title} ==\n${body}`)
  return redact(`${text.join('\n\n')}\n`)
}

/** By name as well as by shape. */
function withoutSecrets(key: string, value: unknown): unknown {
  return key === 'pathSecret' ? '***' : value
}

async function lastOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '')
  if (text.length <= maxLogBytes) return text
  const last = text.slice(-maxLogBytes)
  // Not the rest of a line: what tells that it is a secret may have been cut off.
  return last.slice(last.indexOf('\n') + 1)
}
