import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'

import type { CommandAnswer, MountbarBridge, Result, Place } from '../shared/app/answers.ts'
import { channels } from '../shared/app/channels.ts'
import type { CommandInput, CommandName } from '../shared/app/commands.ts'
import type { Snapshot } from '../shared/app/snapshot.ts'

/** All of main that the page gets. It checks nothing: main does. */
const bridge: MountbarBridge = {
  invoke: async <K extends CommandName>(name: K, input: CommandInput<K>) => {
    return (await ipcRenderer.invoke(channels.invoke, name, input)) as Result<CommandAnswer<K>>
  },
  onSnapshot: (listener) => listen(channels.snapshot, (snapshot) => listener(snapshot as Snapshot)),
  onNavigate: (listener) => listen(channels.navigate, (view) => listener(view as Place)),
}

function listen(channel: string, listener: (payload: unknown) => void): () => void {
  // The event itself has the sender in it, which is none of the page's business.
  const hear = (_event: IpcRendererEvent, payload: unknown): void => listener(payload)
  ipcRenderer.on(channel, hear)
  return () => void ipcRenderer.off(channel, hear)
}

contextBridge.exposeInMainWorld('mountbar', bridge)
