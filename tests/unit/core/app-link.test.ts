import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { actionOfLink, parseAppLink, type LinkedDrive } from '../../../src-main/core/app-link.ts'
import type { DriveState } from '../../../src-main/shared/drive-state.ts'
import { drawn } from '../../harness/drawn.ts'

describe('a mountbar: link', () => {
  test.each([
    ['mountbar://mount/photos', { verb: 'mount', drive: 'photos' }],
    ['mountbar://reveal/photos', { verb: 'reveal', drive: 'photos' }],
    ['mountbar://mount/My%20Photos', { verb: 'mount', drive: 'My Photos' }],
    ['mountbar://mount/Fotos%20f%C3%BCr%20Anna', { verb: 'mount', drive: 'Fotos für Anna' }],
  ])('%s is read', (text, link) => {
    expect(parseAppLink(text)).toEqual(link)
  })

  test.each([
    '',
    'mountbar:',
    'mountbar://',
    'mountbar://mount',
    'mountbar://mount/',
    'mountbar:/mount/photos',
    'mountbar:mount/photos',
    'mountbar://mount//photos',
    'mountbar://mount/photos/',
    'mountbar://mount/photos/more',
    'mountbar://mount/photos?force=true',
    'mountbar://mount/photos#top',
    'mountbar://unmount/photos',
    'mountbar://remove/photos',
    'mountbar://sso/callback',
    'mountbar://MOUNT/photos',
    'Mountbar://mount/photos',
    'mountbar://user@mount/photos',
    'mountbar://user:secret@mount/photos',
    'mountbar://mount:80/photos',
    'mountbar://mount/..',
    'mountbar://mount/.',
    'mountbar://mount/%2e%2e',
    'mountbar://mount/..%2f..%2fetc',
    'mountbar://mount/a%2Fb',
    'mountbar://mount/a%5Cb',
    'mountbar://mount/%00',
    'mountbar://mount/a%0Ab',
    'mountbar://mount/a\nb',
    'mountbar://mount/photos\n',
    'mountbar://mount/%E2%80%AEsotohp',
    'mountbar://mount/%20',
    'mountbar://mount/%',
    'mountbar://mount/%zz',
    'mountbar://mount/%ff',
    ' mountbar://mount/photos',
    'https://mount/photos',
    'file:///mount/photos',
    'javascript:alert(1)',
    `mountbar://mount/${'a'.repeat(2_000)}`,
  ])('%j is not one', (text) => {
    expect(parseAppLink(text)).toBeUndefined()
  })

  test('that is read names a drive without anything that could lead elsewhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (rest) => {
        const link = parseAppLink(`mountbar://mount/${rest}`)
        if (link !== undefined) expect(link.drive).not.toMatch(/[/\\\p{Cc}]/u)
      }),
      drawn(),
    )
  })
})

describe('what a link does', () => {
  const photos = drive('d1', 'Photos')

  test.each<[string, DriveState, 'mount' | 'reveal', unknown]>([
    ['mounts what is not mounted', { kind: 'unmounted' }, 'mount', { kind: 'mount', driveIds: ['d1'] }],
    [
      'mounts again what has failed',
      { kind: 'failed', error: { code: 'stalled', args: {} } },
      'mount',
      { kind: 'mount', driveIds: ['d1'] },
    ],
    [
      'mounts what still delivers, without a volume',
      { kind: 'delivering' },
      'mount',
      { kind: 'mount', driveIds: ['d1'] },
    ],
    ['shows what is mounted', { kind: 'mounted', path: '/p' }, 'mount', { kind: 'reveal', driveId: 'd1' }],
    ['shows in Finder', { kind: 'mounted', path: '/p' }, 'reveal', { kind: 'reveal', driveId: 'd1' }],
    [
      'mounts nothing that was only to be shown',
      { kind: 'unmounted' },
      'reveal',
      { kind: 'show-view', view: 'drives' },
    ],
    ['does not disturb an unmount', { kind: 'unmounting' }, 'mount', { kind: 'show-view', view: 'drives' }],
  ])('%s', (_title, state, verb, action) => {
    expect(actionOfLink({ verb, drive: 'Photos' }, [{ ...photos, state }])).toEqual(action)
  })

  test('is nothing for a drive that is not in the list, or a name that two have', () => {
    expect(actionOfLink({ verb: 'mount', drive: 'Music' }, [photos])).toBeUndefined()
    expect(actionOfLink({ verb: 'mount', drive: 'photos' }, [photos])).toBeUndefined()
    expect(actionOfLink({ verb: 'mount', drive: 'Photos' }, [photos, drive('d2', 'Photos')])).toBeUndefined()
  })

  test('goes by the id first, so that no name can take the place of another drive', () => {
    const action = actionOfLink({ verb: 'mount', drive: 'd1' }, [drive('d2', 'd1'), photos])
    expect(action).toEqual({ kind: 'mount', driveIds: ['d1'] })
  })

  test('knows a name however its accents are written', () => {
    const action = actionOfLink({ verb: 'mount', drive: 'u\u0308' }, [drive('d1', '\u00fc')])
    expect(action).toEqual({ kind: 'mount', driveIds: ['d1'] })
  })
})

function drive(id: string, name: string): LinkedDrive {
  return { id, name, state: { kind: 'unmounted' } }
}
