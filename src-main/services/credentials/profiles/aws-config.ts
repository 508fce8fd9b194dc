import { inspect } from 'node:util'
import { readFile } from 'node:fs/promises'

import { AppError } from '../../../shared/errors.ts'
import type { ConfigPaths } from './config-paths.ts'
import { scanLines, type ConfigFileKind, type ScannedFile } from './scan-lines.ts'

/** The keys of one section, secrets among them. */
export type Section = Readonly<Record<string, string | undefined>>

export interface Place {
  readonly path: string
  readonly line?: number
}

/** What both files said when they were read. Prints and serialises as nothing: sections may hold secret keys. */
export class AwsConfig {
  /** What is wrong with the files themselves: unreadable, or lines that mean nothing. */
  readonly problems: readonly AppError[]
  readonly #sections: ReadonlyMap<string, Section>
  readonly #files: readonly ReadFile[]

  constructor(
    sections: ReadonlyMap<string, Section>,
    files: readonly ReadFile[],
    problems: readonly AppError[],
  ) {
    this.#sections = sections
    this.#files = files
    this.problems = problems
  }

  /** Alphabetical, `default` first. */
  get profileNames(): readonly string[] {
    const names = [...this.#sections.keys()].filter((name) => !isOther(name))
    return names.sort((a, b) => Number(b === 'default') - Number(a === 'default') || (a < b ? -1 : 1))
  }

  profile(name: string): Section | undefined {
    return isOther(name) ? undefined : this.#sections.get(name)
  }

  ssoSession(name: string): Section | undefined {
    return this.#sections.get(`sso-session.${name}`)
  }

  /** Where a profile, or one of its keys, is written down; the file that the loader takes it from, when both have it. */
  placeOf(name: string, key?: string): Place | undefined {
    const found = this.#files.flatMap(({ path, scanned }) => {
      const section = scanned.sections.get(name)
      const line = key === undefined ? section?.line : section?.keys.get(key)
      return line === undefined ? [] : [{ path, line }]
    })
    return found.at(-1) ?? (key === undefined ? undefined : this.placeOf(name))
  }

  toJSON(): object {
    return { problems: this.problems }
  }

  [inspect.custom](): string {
    return 'AwsConfig'
  }
}

export interface ReadFile {
  readonly path: string
  readonly scanned: ScannedFile
}

/** Reads both files anew. Never rejects for what is in them, or for their absence: `problems` says what is wrong. */
export async function loadAwsConfig(paths: ConfigPaths): Promise<AwsConfig> {
  // Most commands never need AWS: its loader is not part of their start.
  const { parseKnownFiles } = await import('@smithy/shared-ini-file-loader')
  const { configPath, credentialsPath } = paths
  const [parsed, config, credentials] = await Promise.all([
    parseKnownFiles({ filepath: credentialsPath, configFilepath: configPath, ignoreCache: true }),
    scanFile(configPath, 'config'),
    scanFile(credentialsPath, 'credentials'),
  ])
  // The loader forgets a heading without keys; a person who wrote it expects to hear what it lacks.
  const empty = [config, credentials].flatMap(({ scanned }) => [...scanned.sections.keys()])
  const sections = new Map<string, Section>([
    ...empty.map((name): [string, Section] => [name, {}]),
    ...Object.entries(parsed),
  ])
  return new AwsConfig(sections, [config, credentials], [...config.problems, ...credentials.problems])
}

const nothing: ScannedFile = { findings: [], sections: new Map() }

async function scanFile(
  path: string,
  kind: ConfigFileKind,
): Promise<ReadFile & { readonly problems: readonly AppError[] }> {
  try {
    const scanned = scanLines(await readFile(path, 'utf8'), kind)
    const problems = scanned.findings.map(
      ({ line, reason }) => new AppError('aws-config-broken', { path, line, reason }),
    )
    return { path, scanned, problems }
  } catch (cause) {
    const code = errnoOf(cause)
    const problems =
      code === 'ENOENT'
        ? []
        : [new AppError('aws-config-unreadable', { path, reason: reasonOf(code) }, { cause })]
    return { path, scanned: nothing, problems }
  }
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function reasonOf(code: string | undefined): string {
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EISDIR') return 'it is a folder'
  return code ?? 'unknown reason'
}

function isOther(sectionName: string): boolean {
  return /^(?:profile|sso-session|services|plugins|preview)\./.test(sectionName) || sectionName === 'plugins'
}
