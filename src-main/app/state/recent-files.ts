import type { RecentFile } from '../../shared/app/snapshot.ts'

const kept = 50

/** Of the same file, what it came to last takes the place of what it was on its way to. */
const steps: readonly RecentFile['what'][] = ['saved', 'delivered', 'in-s3']

/** The files that something happened to last, the newest first. */
export class RecentFiles {
  #files: readonly RecentFile[] = []

  list(): readonly RecentFile[] {
    return this.#files
  }

  add(file: RecentFile): void {
    const isStep = steps.includes(file.what)
    const others = this.#files.filter(
      ({ driveId, path, what }) =>
        !(isStep && steps.includes(what) && driveId === file.driveId && path === file.path),
    )
    this.#files = [file, ...others].slice(0, kept)
  }

  forgetDrive(driveId: string): void {
    this.#files = this.#files.filter((file) => file.driveId !== driveId)
  }
}
