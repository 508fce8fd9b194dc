import { EventEmitter } from 'node:events'
import { pathToFileURL } from 'node:url'

/** The program of a utility process: gives it `process.parentPort`, then becomes the module it was started for. */
const send = process.send!.bind(process)
const parentPort = new EventEmitter()
const early: unknown[] = []

const forward = (data: unknown): void => {
  // As Electron: what comes before anybody listens waits, and nothing that comes later overtakes it.
  if (parentPort.listenerCount('message') === 0 || early.length > 0) early.push(data)
  else emit(data)
}
const emit = (data: unknown): void => void parentPort.emit('message', { data, ports: [] })
parentPort.on('newListener', (event) => {
  if (event === 'message') setImmediate(() => early.splice(0).forEach(emit))
})
process.on('message', forward)
// Electron ends it at once when its parent is gone.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
Object.assign(parentPort, { postMessage: (message: unknown) => void send(message) })
Object.assign(process, { send: undefined, parentPort, type: 'utility' })

// As if the module itself had been started.
process.argv.splice(1, 1)
const modulePath = process.argv[1]!
await import(pathToFileURL(modulePath).href)
