import { randomUUID } from 'node:crypto'

import { joinWorlds } from '../page/join-worlds.ts'
import { mainWorld } from '../page/main-world.ts'
import { packValue, unpackValue } from '../page/pack.ts'
import { preloadWorld } from '../page/preload-world.ts'

export interface PageScripts {
  readonly mainWorld: string
  readonly preloadWorld: string
}

/** The scripts for one window, as text. The names of the events that join its two worlds are its own. */
export function pageScripts(preloadSource: string): PageScripts {
  const [up, down] = [randomUUID(), randomUUID()].map((name) => JSON.stringify(`stand-in-${name}`))
  return {
    mainWorld: `(${mainWorld.toString()})(${joinWorlds.toString()}, { send: ${up}, receive: ${down} })`,
    preloadWorld: `(${preloadWorld.toString()})(
      { joinWorlds: ${joinWorlds.toString()}, packValue: ${packValue.toString()}, unpackValue: ${unpackValue.toString()} },
      { send: ${down}, receive: ${up} },
      (require, module, process) => { const exports = module.exports; ${preloadSource}\n },
      ${JSON.stringify({ electron: '0.0.0', chrome: '0.0.0', node: '0.0.0' })},
    )`,
  }
}
