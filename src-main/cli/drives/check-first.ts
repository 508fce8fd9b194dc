import type { Connections } from '../../composition/stacks/connections.ts'
import type { S3FilesDrive } from '../../services/drives/drive.ts'
import { AppError } from '../../shared/errors.ts'
import { renderDiagnosis } from '../output/render-diagnosis.ts'
import type { Terminal } from '../output/terminal.ts'

/** What is about the drive itself. Whoever may mount need not be allowed to look at all of it, and a person is asked for codes by the mount. */
const aboutTheDrive = /^(server|file-system|mount-target|access-point|bucket|address|ssm)-/
/** With these it can be mounted, and read. */
const onlyWarned = /^(access-point-read-only|bucket-)/

/**
 * Before a drive on S3 Files is mounted for the first time: a mount that cannot succeed says so only after minutes, and less well.
 * @throws AppError `check-failed` for what would keep it from being mounted, after all that was found has been shown.
 */
export async function checkFirst(
  drive: S3FilesDrive,
  connections: Pick<Connections, 'check'>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const results = await connections.check(drive, signal)
  const failed = results.filter(({ error }) => error !== undefined && aboutTheDrive.test(error.code))
  if (failed.length === 0) return
  renderDiagnosis(failed, terminal).forEach(terminal.note)
  const inTheWay = failed.find(({ error }) => error !== undefined && !onlyWarned.test(error.code))
  if (inTheWay === undefined) return
  throw new AppError('check-failed', { check: inTheWay.title, reason: inTheWay.description })
}
