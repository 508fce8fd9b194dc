import { networkInterfaces } from 'node:os'

import { net, powerMonitor } from 'electron'

import type { Clock } from '../../lib/clock.ts'
import { watchNetwork } from './network-watch.ts'

/** Tells when the world may be another than a moment ago. */
export function watchAwakenings(
  clock: Clock,
  onAwake: (reason: 'resume' | 'unlock' | 'network') => void,
): Disposable {
  const onResume = (): void => onAwake('resume')
  const onUnlock = (): void => onAwake('unlock')
  powerMonitor.on('resume', onResume)
  powerMonitor.on('unlock-screen', onUnlock)
  const network = watchNetwork({
    clock,
    interfaces: networkInterfaces,
    isOnline: () => net.isOnline(),
    onChange: () => onAwake('network'),
  })
  return {
    [Symbol.dispose]: () => {
      powerMonitor.off('resume', onResume)
      powerMonitor.off('unlock-screen', onUnlock)
      network[Symbol.dispose]()
    },
  }
}
