import type { Drive } from '../../services/drives/drive.ts'

/** The profile that opens a drive; nothing of a folder. @param defaultName the one that counts where none is named. */
export function profileOf(drive: Drive, defaultName: string | undefined): string | undefined {
  return drive.kind === 's3files' ? (drive.fileSystem.profile ?? defaultName) : undefined
}
