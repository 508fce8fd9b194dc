import { describe, expect, it } from 'vitest'

import { openVfs } from '../../../harness/open-vfs.ts'

const composed = 'caf\u00e9'
const decomposed = 'cafe\u0301'

describe('names', () => {
  it.each([
    [composed, decomposed],
    [decomposed, composed],
  ])('that the backend has as %j are found as %j, at every level', async (kept, said) => {
    await using opened = openVfs()
    opened.backend.put(`/${kept}/${kept}`, 'content')
    expect(await opened.client.read(`/${said}/${said}`)).toBe('content')
    expect(await opened.client.names(`/${said}`)).toEqual([kept])
    await opened.client.write(`/${said}/${said}`, 'changed')
    expect(opened.backend.snapshot()).toEqual({ [`/${kept}`]: null, [`/${kept}/${kept}`]: 'changed' })
  })

  it('may mix their forms along a path', async () => {
    await using opened = openVfs()
    opened.backend.put(`/${composed}/${decomposed}/${composed}`, 'content')
    expect(await opened.client.read(`/${decomposed}/${composed}/${decomposed}`)).toBe('content')
  })

  it('are taken exactly when both forms exist', async () => {
    await using opened = openVfs()
    opened.backend.put(`/${composed}`, 'composed')
    opened.backend.put(`/${decomposed}`, 'decomposed')
    expect(await opened.client.read(`/${composed}`)).toBe('composed')
    expect(await opened.client.read(`/${decomposed}`)).toBe('decomposed')
  })

  it('are created composed, below the folder as the backend has it', async () => {
    await using opened = openVfs()
    opened.backend.mkdir(`/${decomposed}`)
    await opened.client.write(`/${composed}/${decomposed}`, 'content')
    await opened.client.mkdir(`/${composed}/d ${decomposed}`)
    await opened.client.move(`/${composed}/${decomposed}`, `/${composed}/moved ${decomposed}`)
    expect(Object.keys(opened.backend.snapshot()).sort()).toEqual(
      [`/${decomposed}`, `/${decomposed}/d ${composed}`, `/${decomposed}/moved ${composed}`].sort(),
    )
  })

  it('that differ in form only are one name to move', async () => {
    await using opened = openVfs()
    opened.backend.put(`/${decomposed}`, 'content')
    await opened.client.move(`/${decomposed}`, `/${composed}`)
    await opened.client.move(`/${composed}`, `/${decomposed}`)
    expect(opened.backend.snapshot()).toEqual({ [`/${decomposed}`]: 'content' })
  })

  it('of listed files cost no call in any form', async () => {
    await using opened = openVfs()
    opened.backend.put(`/${decomposed}`, 'content')
    await opened.client.names('/')
    opened.backend.resetCalls()
    await opened.client.stat(`/${composed}`)
    await opened.client.stat(`/${decomposed}`)
    await expect(opened.client.stat('/\u00e9')).rejects.toMatchObject({ code: 'not-found' })
    expect(opened.backend.log).toEqual([])
  })

  it('with one form only cost no call to be understood', async () => {
    await using opened = openVfs()
    opened.backend.put('/\u65e5\u672c/\ud83d\ude80', 'content')
    await opened.client.read('/\u65e5\u672c/\ud83d\ude80')
    expect(opened.backend.log).toEqual(['read /\u65e5\u672c/\ud83d\ude80'])
  })
})
