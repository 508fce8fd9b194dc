import type { NetworkInterfaceInfo } from 'node:os'

import { expect, test } from 'vitest'

import { watchNetwork } from '../../../src-main/app/shell/network-watch.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'

const wifi = addresses('192.168.1.20', 'fe80::1')

test.each<[string, NodeJS.Dict<NetworkInterfaceInfo[]>, boolean, number]>([
  ['another address', { en0: addresses('10.0.0.7') }, true, 1],
  ['another interface', { en0: wifi, utun4: addresses('172.16.0.2') }, true, 1],
  ['no interface', {}, false, 1],
  ['being offline', { en0: wifi }, false, 1],
  ['the same addresses in another order', { en0: wifi.toReversed() }, true, 0],
  ['another link-local address', { en0: addresses('192.168.1.20', 'fe80::2', '169.254.3.3') }, true, 0],
])('%s: told as it should be', async (_title, next, isOnlineNext, told) => {
  const clock = new FakeClock()
  let interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = { lo0: internal(), en0: wifi }
  let isOnline = true
  let changes = 0
  using _watch = watchNetwork({
    clock,
    interfaces: () => interfaces,
    isOnline: () => isOnline,
    onChange: () => {
      changes += 1
    },
  })
  await clock.advance(60_000)
  expect(changes).toBe(0)
  interfaces = next
  isOnline = isOnlineNext
  await clock.advance(60_000)
  expect(changes).toBe(told)
})

test('it ends', async () => {
  const clock = new FakeClock()
  watchNetwork({ clock, interfaces: () => ({}), isOnline: () => true, onChange: () => undefined })[
    Symbol.dispose
  ]()
  await clock.advance(60_000)
  expect(clock.pendingCount).toBe(0)
})

function addresses(...list: readonly string[]): NetworkInterfaceInfo[] {
  return list.map((address) => ({
    address,
    netmask: '255.255.255.0',
    family: 'IPv4',
    mac: '00:00:00:00:00:00',
    internal: false,
    cidr: null,
  }))
}

function internal(): NetworkInterfaceInfo[] {
  return addresses('127.0.0.1').map((address) => ({ ...address, internal: true }))
}
