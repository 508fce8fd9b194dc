import type { MountbarBridge } from '../../src-main/shared/app/answers.ts'

declare global {
  interface Window {
    /** Put there by the preload before any script of the page runs. */
    readonly mountbar: MountbarBridge
  }
}

export function bridge(): MountbarBridge {
  return window.mountbar
}
