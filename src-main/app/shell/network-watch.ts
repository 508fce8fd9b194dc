import type { networkInterfaces } from 'node:os'

import type { Clock, Timer } from '../../lib/clock.ts'

type Interfaces = ReturnType<typeof networkInterfaces>

export interface NetworkWatchParts {
  readonly clock: Clock
  readonly interfaces: () => Interfaces
  readonly isOnline: () => boolean
  readonly onChange: () => void
}

const everyMs = 5_000

/** Tells when the machine's addresses are others than before, or when it is online again: nothing else in the main process does. */
export function watchNetwork({ clock, interfaces, isOnline, onChange }: NetworkWatchParts): Disposable {
  const look = (): string => `${String(isOnline())} ${addressesOf(interfaces())}`
  let seen = look()
  let timer: Timer
  const again = (): void => {
    const now = look()
    if (now !== seen) {
      seen = now
      onChange()
    }
    timer = clock.setTimeout(again, everyMs)
  }
  timer = clock.setTimeout(again, everyMs)
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() }
}

/** By which others reach this machine. Link-local ones come and go without meaning anything. */
function addressesOf(interfaces: Interfaces): string {
  return Object.entries(interfaces)
    .flatMap(([name, addresses = []]) =>
      addresses
        .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
        .map(({ address }) => `${name}=${address}`),
    )
    .sort()
    .join(' ')
}
