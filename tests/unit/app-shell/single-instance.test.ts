import { beforeEach, describe, expect, test, vi } from 'vitest'

import { claimInstance } from '../../../src-main/app/shell/single-instance.ts'
import { app, FakeEvent } from '../../fakes/fake-electron.ts'

vi.mock('electron', () => import('../../fakes/fake-electron.ts'))

beforeEach(() => {
  app.removeAllListeners()
  Object.assign(app, { isFirst: true, isPackaged: false, quits: 0 })
  app.protocols.length = 0
})

describe('an instance', () => {
  test('ends at once when the app runs already', () => {
    app.isFirst = false
    expect(claimInstance()).toBeUndefined()
    expect(app.quits).toBe(1)
  })

  test('keeps the links that came before anybody could follow them, and no more than a few', () => {
    using instance = claimInstance()
    for (let count = 1; count <= 30; count += 1) openUrl(`mountbar://mount/${count}`)
    const heard: string[] = []
    const kept = instance?.listenToLinks((link) => heard.push(link))
    expect(kept).toHaveLength(10)
    expect(kept?.[0]).toBe('mountbar://mount/1')
    openUrl('mountbar://mount/later')
    expect(heard).toEqual(['mountbar://mount/later'])
  })

  test('hears of a second start, and of the link it was started with', () => {
    using instance = claimInstance()
    const heard: string[] = []
    let starts = 0
    instance?.listenToLinks((link) => heard.push(link))
    instance?.startedAgain.on(() => {
      starts += 1
    })
    app.emit('second-instance', {}, ['mountbar'])
    app.emit('second-instance', {}, ['mountbar', 'mountbar://reveal/photos'])
    app.emit('activate')
    expect([starts, heard]).toEqual([2, ['mountbar://reveal/photos']])
  })

  test.each([
    [true, ['mountbar']],
    [false, []],
  ])('claims links when it is installed (%s)', (isPackaged, protocols) => {
    app.isPackaged = isPackaged
    using _instance = claimInstance()
    expect(app.protocols).toEqual(protocols)
  })

  function openUrl(url: string): void {
    const event = new FakeEvent()
    app.emit('open-url', event, url)
    expect(event.isPrevented).toBe(true)
  }
})
