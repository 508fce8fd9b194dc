import type { Drive, S3FilesDrive, SandboxDrive } from '../../src-main/services/drives/drive.ts'
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
export function aDrive(changes: Partial<SandboxDrive> = {}): SandboxDrive {
  return { ...common, kind: 'sandbox', sourceDir: '/somewhere/photos', ...changes }
}

/** Likewise, with its files in S3 Files. */
export function anS3FilesDrive(changes: Partial<S3FilesDrive> = {}): S3FilesDrive {
  return {
    ...common,
    kind: 's3files',
    fileSystem: {
      fileSystemId: 'fs-0123456789abcdef0',
      region: 'eu-central-1',
      remotePath: '/',
      server: { host: 'nlb.example.com', port: 2049 },
    },
    ...changes,
  }
}

const common = {
  id: 'abc234',
  name: 'Photos',
  port: 40_001,
  pathSecret: '0123456789abcdef0123456789abcdef',
  readOnly: false,
  writeMode: 'queued',
} as const
