import { windowMessageFor } from '../shared/app/window-messages.ts'
import type { Happening } from './happening.ts'

export interface NoticeText {
  readonly title: string
  readonly body: string
}

type DriveName = (driveId: string) => string | undefined

/** A notification in words; `same` are all of the kind, `first` among them. What went wrong is said as everywhere else. */
export function noticeTextOf(
  first: Happening,
  same: readonly Happening[],
  driveName: DriveName,
  nowMs: number,
): NoticeText {
  return same.length === 1 ? textOfOne(first, driveName, nowMs) : textOfMany(first, same, driveName)
}

function textOfOne(happening: Happening, driveName: DriveName, nowMs: number): NoticeText {
  const drive = nameOf(happening, driveName)
  const file = baseName(happening.paths?.[0]) ?? 'A file'
  const profile = happening.profile ?? 'AWS'
  switch (happening.kind) {
    case 'session-expiring':
      return {
        title: `Sign-in for ${profile} ends ${inWords(happening.atMs, nowMs)}`,
        body: 'Sign in again, and drives go on without a break.',
      }
    case 'session-expired':
      return explained(
        happening,
        `Sign-in for ${profile} has ended`,
        'Sign in again; drives go on by themselves.',
      )
    case 'drive-lost':
      return explained(
        happening,
        `${drive} does not answer`,
        'What you save is kept on this Mac and delivered when it is back.',
      )
    case 'drive-back':
      return { title: `${drive} is back`, body: 'What was saved meanwhile is being delivered.' }
    case 'upload-attention':
      return explained(happening, `${file} cannot be delivered to ${drive}`, 'It is safe on this Mac.')
    case 'conflict':
      return {
        title: `Both versions of ${happening.paths === undefined ? 'a file' : file} were kept`,
        body: `Somebody else changed it in ${drive} while it was open here.`,
      }
    case 'export-refused':
      return explained(happening, `S3 did not take ${file}`, `It is in ${drive}, and not in the bucket.`)
    case 'engine-missing':
      return explained(happening, 'No container engine is running', 'Drives on S3 Files need one.')
    case 'stack-done':
      return happening.error === undefined
        ? { title: `${stackOf(happening)} is deployed`, body: 'Add it as a drive, and it can be mounted.' }
        : explained(happening, `${stackOf(happening)} could not be deployed`, '')
    case 'update-ready':
      return {
        title: `Mountbar${happening.version === undefined ? '' : ` ${happening.version}`} is ready`,
        body: 'It is installed when Mountbar is restarted.',
      }
  }
}

function textOfMany(first: Happening, same: readonly Happening[], driveName: DriveName): NoticeText {
  const count = same.length
  const drives = listed(same.map((happening) => nameOf(happening, driveName)))
  switch (first.kind) {
    case 'session-expiring':
      return {
        title: `${count} sign-ins end soon`,
        body: listed(same.map(({ profile }) => profile ?? 'AWS')),
      }
    case 'session-expired':
      return {
        title: `${count} sign-ins have ended`,
        body: listed(same.map(({ profile }) => profile ?? 'AWS')),
      }
    case 'drive-lost':
      return { title: `${count} drives do not answer`, body: drives }
    case 'drive-back':
      return { title: `${count} drives are back`, body: drives }
    case 'upload-attention':
      return {
        title: `${count} files cannot be delivered`,
        body: `They are safe on this Mac: ${files(same)}`,
      }
    case 'conflict':
      return {
        title: `Both versions of ${count} files were kept`,
        body: same.some(({ paths }) => paths === undefined) ? `In ${drives}` : files(same),
      }
    case 'export-refused':
      return { title: `S3 did not take ${count} files`, body: files(same) }
    case 'stack-done':
      return { title: `${count} deployments have come to an end`, body: listed(same.map(stackOf)) }
    case 'engine-missing':
    case 'update-ready':
      return textOfOne(first, driveName, 0)
  }
}

/** The title says which one; the sentence is that of the error where there is one. */
function explained({ error }: Happening, title: string, otherwise: string): NoticeText {
  if (error === undefined) return { title, body: otherwise }
  const { text, fix } = windowMessageFor(error)
  return { title, body: fix === undefined ? text : `${text} ${fix}` }
}

function inWords(atMs: number | undefined, nowMs: number): string {
  if (atMs === undefined) return 'soon'
  const minutes = Math.round((atMs - nowMs) / 60_000)
  if (minutes < 1) return 'now'
  return minutes === 1 ? 'in a minute' : `in ${minutes} minutes`
}

function nameOf({ driveId }: Happening, driveName: DriveName): string {
  return (driveId === undefined ? undefined : driveName(driveId)) ?? 'A drive'
}

function stackOf({ stack = 'A stack' }: Happening): string {
  return stack
}

function files(same: readonly Happening[]): string {
  return listed(same.map(({ paths }) => baseName(paths?.[0]) ?? 'a file'))
}

function listed(names: readonly string[]): string {
  const unique = [...new Set(names)]
  const shown = unique.slice(0, 3).join(', ')
  return unique.length > 3 ? `${shown} and ${unique.length - 3} more` : shown
}

function baseName(path: string | undefined): string | undefined {
  return path?.split('/').findLast((part) => part !== '')
}
