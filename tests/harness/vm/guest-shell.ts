import { connect } from 'node:net'

export interface GuestRunOptions {
  readonly limitMs?: number
  readonly signal?: AbortSignal
}

export interface GuestResult {
  readonly exitCode: number
  /** stdout and stderr, in the order they were written. */
  readonly output: string
}

/** Written by the guest's shell after the command; nothing that a command prints looks like it. */
const exitCodeMark = '__mountbar_guest_exit='

/**
 * Runs `command` in a shell of its own in the guest, as root, with nothing on stdin. When the limit (60 s) is reached or the signal
 * aborts, the connection is cut; the command in the guest may go on.
 * @throws when the shell cannot be reached or ended without saying how.
 */
export async function runInGuest(
  port: number,
  command: string,
  { limitMs = 60_000, signal }: GuestRunOptions = {},
): Promise<GuestResult> {
  const limit = AbortSignal.timeout(limitMs)
  const socket = connect({ port, host: '127.0.0.1' })
  const abort = AbortSignal.any(signal === undefined ? [limit] : [limit, signal])
  const cut = () =>
    socket.destroy(new Error(`no answer from the guest to: ${command}`, { cause: abort.reason }))
  abort.addEventListener('abort', cut, { once: true })
  try {
    if (abort.aborted) cut()
    socket.write(`{ ${command}\n} < /dev/null; echo "${exitCodeMark}$?"; exit\n`)
    const said = (await socket.setEncoding('utf8').toArray()).join('')
    const [output, exitCode] = said.split(exitCodeMark)
    if (exitCode === undefined) throw new Error(`the guest's shell ended in: ${command}\n${said}`)
    return { exitCode: Number(exitCode), output: output! }
  } finally {
    abort.removeEventListener('abort', cut)
    socket.destroy()
  }
}
