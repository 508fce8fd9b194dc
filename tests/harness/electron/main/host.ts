import { Channel, type Port } from '../channel.ts'
import type { AsksOfApp, AsksOfHost, Deed, Desk, StandInOptions } from '../protocol.ts'

/** The test's process, from within the app's. */
export interface Host extends Channel<AsksOfApp, AsksOfHost> {
  readonly options: StandInOptions
  show(part: Partial<Desk>): void
  did(deed: Deed): void
}

class HostChannel extends Channel<AsksOfApp, AsksOfHost> implements Host {
  readonly options: StandInOptions

  constructor(port: Port, options: StandInOptions) {
    super(port)
    this.options = options
  }
  show(part: Partial<Desk>): void {
    void this.ask('show', part)
  }
  did(deed: Deed): void {
    void this.ask('did', deed)
  }
}

/** Under which the test's process says how the machine is. */
export const optionsVariable = 'MOUNTBAR_ELECTRON_STAND_IN'

/** Electron's modules are one per process, so this is. */
export const host: Host = connectHost()

function connectHost(): Host {
  const text = process.env[optionsVariable]
  const send = process.send?.bind(process)
  if (text === undefined || send === undefined)
    throw new Error('the Electron stand-in is started by startApp (tests/harness/electron/start-app.ts)')
  const port: Port = {
    send: (message) => {
      if (process.connected) send(message)
    },
    onMessage: (listener) => process.on('message', listener),
  }
  // A test that is gone takes its app along, as a crash would.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  // Electron's main process is nobody's child.
  Reflect.deleteProperty(process.env, optionsVariable)
  Object.assign(process, { send: undefined })
  return new HostChannel(port, JSON.parse(text) as StandInOptions)
}
