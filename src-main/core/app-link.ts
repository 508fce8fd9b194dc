import type { DriveState } from '../shared/drive-state.ts'
import type { AppAction } from './app-action.ts'

export interface AppLink {
  readonly verb: 'mount' | 'reveal'
  /** A drive's id or name, as it was written. */
  readonly drive: string
}

export interface LinkedDrive {
  readonly id: string
  readonly name: string
  readonly state: DriveState
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

/**
 * What a link does to the drives there are. A page cannot know what a person has at hand, so it only ever mounts or shows a drive that is in the
 * list, and gets no answer; mounting asks nobody, because the browser has asked whether Mountbar may be opened.
 * @returns `undefined` when it means none of them, or more than one.
 */
export function actionOfLink(link: AppLink, drives: readonly LinkedDrive[]): AppAction | undefined {
  const drive = driveOfLink(link, drives)
  if (drive === undefined) return undefined
  const { id: driveId, state } = drive
  if (state.kind === 'mounted') return { kind: 'reveal', driveId }
  const isIdle = ['unmounted', 'failed', 'delivering'].includes(state.kind)
  return link.verb === 'mount' && isIdle
    ? { kind: 'mount', driveIds: [driveId] }
    : { kind: 'show-view', view: 'drives' }
}

/** By its id, or by a name that no other has. */
function driveOfLink({ drive }: AppLink, drives: readonly LinkedDrive[]): LinkedDrive | undefined {
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
