export interface AppLink {
  readonly verb: 'mount' | 'reveal'
  /** A drive's id or name, as it was written. */
  readonly drive: string
}

interface NamedDrive {
  readonly id: string
  readonly name: string
}

const linkPattern = /^mountbar:\/\/(mount|reveal)\/([^/?#]+)$/
const longest = 1_000

/**
 * Reads `mountbar://mount/<drive>` and `mountbar://reveal/<drive>`, and nothing else: any program and any page can open such a link, so it
 * names a drive and takes no parameters.
 * @returns `undefined` for everything that is not exactly one of the two.
 */
export function parseAppLink(text: string): AppLink | undefined {
  if (text.length > longest) return undefined
  const [, verb, encoded] = linkPattern.exec(text) ?? []
  if ((verb !== 'mount' && verb !== 'reveal') || encoded === undefined) return undefined
  const drive = decode(encoded)
  return drive === undefined || !isName(drive) ? undefined : { verb, drive }
}

/** The drive a link means: by its id, or by a name that no other has. */
export function driveOfLink<T extends NamedDrive>({ drive }: AppLink, drives: readonly T[]): T | undefined {
  const byId = drives.find(({ id }) => id === drive)
  if (byId !== undefined) return byId
  const named = drives.filter(({ name }) => name.normalize('NFC') === drive.normalize('NFC'))
  return named.length === 1 ? named[0] : undefined
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

function isName(text: string): boolean {
  return text.trim() !== '' && text !== '.' && text !== '..' && !/[\p{Cc}\p{Cf}/\\]/u.test(text)
}
