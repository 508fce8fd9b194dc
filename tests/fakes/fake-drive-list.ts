import type { Drive } from '../../src-main/services/drives/drive.ts'
import type { DriveList } from '../../src-main/services/drives/ports.ts'

/** The list of drives in memory. */
export class FakeDriveList implements DriveList {
  drives: readonly Drive[]

  constructor(drives: readonly Drive[] = []) {
    this.drives = drives
  }

  read(): Promise<readonly Drive[]> {
    return Promise.resolve(this.drives)
  }

  update(change: (drives: readonly Drive[]) => readonly Drive[]): Promise<readonly Drive[]> {
    this.drives = change(this.drives)
    return Promise.resolve(this.drives)
  }
}

/** A drive with all that it must have; `changes` are what a test is about. */
export function aDrive(changes: Partial<Drive> = {}): Drive {
  return {
    id: 'abc234',
    name: 'Photos',
    kind: 'sandbox',
    sourceDir: '/somewhere/photos',
    port: 40_001,
    pathSecret: '0123456789abcdef0123456789abcdef',
    readOnly: false,
    writeMode: 'queued',
    ...changes,
  }
}
