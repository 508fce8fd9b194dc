import { describe, expect, test } from 'vitest'

import { commandSchemas } from '../../../src-main/shared/app/commands.ts'
import type { Snapshot } from '../../../src-main/shared/app/snapshot.ts'
import { fakeMountbarBridge } from '../../fakes/fake-mountbar-bridge.ts'
import { snapshotOf } from '../../fixtures/snapshots.ts'

describe('the fake of main', () => {
  test('has every command of the contract, and keeps what each was asked', async () => {
    const { bridge, commands, calls } = fakeMountbarBridge(snapshotOf())
    expect(Object.keys(commands)).toEqual(Object.keys(commandSchemas))
    await bridge.invoke('drive.mount', { driveId: 'a' })
    await bridge.invoke('popover.resize', { height: 10 })
    expect(commands['drive.mount'].calls).toEqual([{ driveId: 'a' }])
    expect(calls).toEqual([{ name: 'drive.mount', input: { driveId: 'a' } }])
  })

  test('refuses what main would refuse', async () => {
    const { bridge } = fakeMountbarBridge(snapshotOf())
    const answer = await bridge.invoke('lookup.file-systems', { region: 'nowhere' })
    expect(answer).toMatchObject({ ok: false, error: { code: 'message-invalid' } })
  })

  test('answers as it is told, and not before', async () => {
    const { bridge, commands } = fakeMountbarBridge(snapshotOf())
    commands['drive.reveal'].fails('not-mounted', { name: 'a' })
    expect(await bridge.invoke('drive.reveal', { driveId: 'a' })).toEqual({
      ok: false,
      error: { code: 'not-mounted', args: { name: 'a' } },
    })
    const gate = commands['drive.reveal'].hangs()
    let isAnswered = false
    const answer = bridge.invoke('drive.reveal', { driveId: 'a' }).finally(() => (isAnswered = true))
    await bridge.invoke('engine.look-again', {})
    expect(isAnswered).toBe(false)
    gate.release()
    expect((await answer).ok).toBe(true)
  })

  test('publishes with a revision that rises, to all who listen still', async () => {
    const main = fakeMountbarBridge(snapshotOf({ revision: 7 }))
    const { bridge } = main
    const seen: Snapshot[] = []
    const end = bridge.onSnapshot((snapshot) => seen.push(snapshot))
    main.publish(snapshotOf({ revision: 1 }))
    end()
    main.publish(snapshotOf({ revision: 1 }))
    expect(seen.map(({ revision }) => revision)).toEqual([8])
    const answer = await bridge.invoke('snapshot.get', {})
    expect(answer.ok && answer.value.revision).toBe(9)
  })
})
