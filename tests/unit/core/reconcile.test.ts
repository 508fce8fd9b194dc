import { describe, expect, test } from 'vitest'

import {
  reconcile,
  type DesiredDrive,
  type DriveAction,
  type Observed,
  type ObservedFront,
  type ObservedVolume,
} from '../../../src-main/core/reconcile.ts'

const urlOf = (id: string) => `http://127.0.0.1:4711/${id}/`
const drive = (id: string, more: Partial<DesiredDrive> = {}): DesiredDrive => ({
  id,
  url: urlOf(id),
  mountPoint: `/v/${id}`,
  wanted: true,
  ...more,
})
const front = (id: string, url = urlOf(id)): ObservedFront => ({ driveId: id, url })
const volume = (id: string, mountPoint = `/v/${id}`): ObservedVolume => ({ url: urlOf(id), mountPoint })

const startFront = (driveId: string): DriveAction => ({ type: 'start-front', driveId })
const stopFront = (driveId: string): DriveAction => ({ type: 'stop-front', driveId })
const mount = (driveId: string, mountPoint = `/v/${driveId}`): DriveAction => ({
  type: 'mount',
  driveId,
  mountPoint,
})
const unmount = (driveId: string, mountPoint = `/v/${driveId}`): DriveAction => ({
  type: 'unmount',
  driveId,
  mountPoint,
})

interface Case {
  readonly title: string
  readonly desired: readonly DesiredDrive[]
  readonly observed: Partial<Observed>
  readonly actions: readonly DriveAction[]
}

const unwanted = { wanted: false }
const cases: readonly Case[] = [
  { title: 'nothing is wanted and nothing is there', desired: [], observed: {}, actions: [] },
  {
    title: 'a drive is wanted and nothing is there',
    desired: [drive('a')],
    observed: {},
    actions: [startFront('a'), mount('a')],
  },
  {
    title: 'all is as it should be',
    desired: [drive('a')],
    observed: { fronts: [front('a')], volumes: [volume('a')] },
    actions: [],
  },
  {
    title: 'the volume was ejected',
    desired: [drive('a')],
    observed: { fronts: [front('a')] },
    actions: [mount('a')],
  },
  {
    title: 'the front died under its volume: the volume stays',
    desired: [drive('a')],
    observed: { volumes: [volume('a')] },
    actions: [startFront('a')],
  },
  {
    title: 'a drive is wanted no more: volume first, front after it',
    desired: [drive('a', unwanted)],
    observed: { fronts: [front('a')], volumes: [volume('a')] },
    actions: [unmount('a'), stopFront('a')],
  },
  {
    title: 'an unwanted volume has outlived its front',
    desired: [drive('a', unwanted)],
    observed: { volumes: [volume('a')] },
    actions: [unmount('a')],
  },
  {
    title: 'an unwanted drive is not there',
    desired: [drive('a', unwanted)],
    observed: {},
    actions: [],
  },
  {
    title: 'the mount point was changed',
    desired: [drive('a', { mountPoint: '/new' })],
    observed: { fronts: [front('a')], volumes: [volume('a')] },
    actions: [unmount('a'), mount('a', '/new')],
  },
  {
    title: 'the volume is mounted twice',
    desired: [drive('a')],
    observed: { fronts: [front('a')], volumes: [volume('a'), volume('a', '/elsewhere')] },
    actions: [unmount('a', '/elsewhere')],
  },
  {
    title: 'the front answers on another URL than it should',
    desired: [drive('a')],
    observed: { fronts: [front('a', 'http://127.0.0.1:9/a/')] },
    actions: [stopFront('a'), startFront('a'), mount('a')],
  },
  {
    title: 'the system shows the URL without its last slash',
    desired: [drive('a')],
    observed: { fronts: [front('a')], volumes: [{ url: urlOf('a').slice(0, -1), mountPoint: '/v/a' }] },
    actions: [],
  },
  {
    title: 'another volume is at the place of a drive: it is not ours to unmount',
    desired: [drive('a')],
    observed: { fronts: [front('a')], volumes: [{ url: 'http://127.0.0.1:4711/aa/', mountPoint: '/v/a' }] },
    actions: [mount('a')],
  },
  {
    title: 'a front serves a drive that is no longer known',
    desired: [],
    observed: { fronts: [front('old')] },
    actions: [stopFront('old')],
  },
  {
    title: 'one goes and one comes: room is made first',
    desired: [drive('new'), drive('old', unwanted)],
    observed: { fronts: [front('old')], volumes: [volume('old')] },
    actions: [unmount('old'), stopFront('old'), startFront('new'), mount('new')],
  },
]

describe('reconcile', () => {
  test.each(cases)('$title', ({ desired, observed, actions }) => {
    expect(reconcile(desired, { fronts: [], volumes: [], ...observed })).toEqual(actions)
  })

  test.each(cases)('has nothing left to do once that is done: $title', ({ desired, observed, actions }) => {
    const { fronts = [], volumes = [] } = observed
    const after = actions.reduce((now, action) => apply(now, action, desired), { fronts, volumes })
    expect(reconcile(desired, after)).toEqual([])
  })
})

/** The machine after one action that worked. */
function apply(
  { fronts, volumes }: Observed,
  action: DriveAction,
  desired: readonly DesiredDrive[],
): Observed {
  const { url } = desired.find(({ id }) => id === action.driveId) ?? drive(action.driveId)
  switch (action.type) {
    case 'start-front':
      return { fronts: [...fronts, { driveId: action.driveId, url }], volumes }
    case 'stop-front':
      return { fronts: fronts.filter(({ driveId }) => driveId !== action.driveId), volumes }
    case 'mount':
      return { fronts, volumes: [...volumes, { url, mountPoint: action.mountPoint }] }
    case 'unmount':
      return { fronts, volumes: volumes.filter(({ mountPoint }) => mountPoint !== action.mountPoint) }
  }
}
