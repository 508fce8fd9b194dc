import type { Page } from 'playwright-core'

import type { MountbarBridge } from '../../../src-main/shared/app/answers.ts'
import type { CommandInput, CommandName } from '../../../src-main/shared/app/commands.ts'
import type { FakeMountbarBridge } from '../../fakes/fake-mountbar-bridge.ts'

type Channel = 'snapshot' | 'navigate'

/** What the page's side of the bridge calls of ours, and the other way round. */
interface BridgeWindow {
  mountbar: MountbarBridge
  fakeMainInvoke(name: CommandName, input: unknown): Promise<never>
  fakeMainOffence(text: string): Promise<void>
  fakeMainDeliver(channel: Channel, value: unknown): void
}

/**
 * Puts `window.mountbar` into the page, as the preload does, with the fake of this process behind it. It also reports what the page's
 * Content Security Policy refuses.
 */
export async function connectBridge(page: Page, main: FakeMountbarBridge, offences: string[]): Promise<void> {
  await page.exposeFunction('fakeMainInvoke', (name: CommandName, input: CommandInput<CommandName>) =>
    main.bridge.invoke(name, input),
  )
  await page.exposeFunction('fakeMainOffence', (text: string) => void offences.push(text))
  await page.addInitScript(installBridge)
  const deliver = (channel: Channel, value: unknown): void =>
    // A page that is just being closed no longer listens.
    void page.evaluate(deliverToPage, { channel, value }).catch(() => undefined)
  main.bridge.onSnapshot((snapshot) => deliver('snapshot', snapshot))
  main.bridge.onNavigate((view) => deliver('navigate', view))
}

function deliverToPage({ channel, value }: { channel: Channel; value: unknown }): void {
  ;(window as unknown as BridgeWindow).fakeMainDeliver(channel, value)
}

/** Runs in the page, before any script of it. */
function installBridge(): void {
  const own = window as unknown as BridgeWindow
  const listeners: Record<Channel, Set<(value: never) => void>> = { snapshot: new Set(), navigate: new Set() }
  const listen = (channel: Channel, listener: (value: never) => void): (() => void) => {
    listeners[channel].add(listener)
    return () => listeners[channel].delete(listener)
  }
  own.mountbar = {
    invoke: (name, input) => own.fakeMainInvoke(name, input),
    onSnapshot: (listener) => listen('snapshot', listener),
    onNavigate: (listener) => listen('navigate', listener),
  }
  own.fakeMainDeliver = (channel, value) => {
    for (const listener of listeners[channel]) listener(value as never)
  }
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    void own.fakeMainOffence(`${violatedDirective} stopped ${blockedURI}`)
  })
}
