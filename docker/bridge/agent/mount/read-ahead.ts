import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Clock } from '../../lib/clock.ts'
import { runTool } from './run-tool.ts'

/** Fifteen times a read's size, as AWS's mount helper sets it; the kernel's own 128 KiB make large files crawl. */
const readAheadKb = 15 * 1024
const limitMs = 5_000

/**
 * Has the kernel read further ahead on the mount with this device number. The container's own /sys is read-only, hence a second one
 * below `runDir`.
 * @throws the system's error; reading is slower then, and nothing else.
 */
export async function setReadAhead(device: string, runDir: string, clock: Clock): Promise<void> {
  const sysDir = join(runDir, 'sys')
  await mkdir(sysDir, { recursive: true })
  await runTool('mount', ['-i', '-t', 'sysfs', 'none', sysDir], { clock, limitMs })
  try {
    // It is the same file system as the container's, and that was mounted for reading only as a whole.
    await runTool('mount', ['-i', '-o', 'remount,rw', sysDir], { clock, limitMs })
    await writeFile(join(sysDir, 'class/bdi', device, 'read_ahead_kb'), String(readAheadKb))
  } finally {
    await runTool('umount', ['-i', '-l', sysDir], { clock, limitMs })
  }
}
