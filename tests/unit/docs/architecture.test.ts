import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { resolveHostDirs, type Host } from '../../../src-main/lib/host-dirs.ts'
import { documentAt, inlineCodes, linksOf, repoDir, sectionOf, tableRows } from './markdown.ts'

const architecture = documentAt('ARCHITECTURE.md')

interface Folder {
  readonly path: string
  readonly planned: boolean
}

describe('the folder tree in ARCHITECTURE.md', () => {
  const folders = foldersDrawn(sectionOf(architecture, 'Folders'))

  test('names only folders that exist, or says that they are planned', () => {
    const missing = folders.filter(({ path, planned }) => !planned && !existsSync(join(repoDir, path)))
    expect(missing.map(({ path }) => path)).toEqual([])
  })

  test('calls nothing planned that exists', () => {
    const built = folders.filter(({ path, planned }) => planned && existsSync(join(repoDir, path)))
    expect(built.map(({ path }) => path)).toEqual([])
  })

  test('names every folder of src-main, its services and the tests', () => {
    const files = globSync(['src-main/**/*.ts', 'tests/**/*.ts'], { cwd: repoDir })
    const real = files.flatMap((file) => {
      const [top, second, third] = dirname(file).split('/')
      const path = second === 'services' ? [top, second, third] : [top, second]
      return path.includes(undefined) ? [] : [path.join('/')]
    })
    expect(folders.map(({ path }) => path)).toEqual(expect.arrayContaining([...new Set(real)]))
  })
})

describe('who may import whom', () => {
  test('ARCHITECTURE.md says what ESLint enforces', async () => {
    const rows = tableRows(sectionOf(architecture, 'Who may import whom')).slice(1)
    const documented = new Map(
      rows.map(([folder = '', allowed = '']) => [inlineCodes(folder)[0], inlineCodes(allowed).toSorted()]),
    )
    expect(documented).toEqual(await enforcedLayers())
  })
})

describe('what is promised', () => {
  test.each([
    ['ARCHITECTURE.md', "Rules towards macOS's client"],
    ['SECURITY.md', 'Defaults'],
  ])('in %s, "%s", names the tests that hold it', (path, heading) => {
    const [, ...promises] = tableRows(sectionOf(documentAt(path), heading))
    const unproved = promises.filter((row) => !linksOf(row.at(-1)!).some((link) => link.endsWith('.test.ts')))
    expect(promises).not.toEqual([])
    expect(unproved).toEqual([])
  })
})

describe('the folders on disk in ARCHITECTURE.md', () => {
  test('are those that the program uses', () => {
    const [head = [], ...rows] = tableRows(sectionOf(architecture, 'Files on disk')).filter(
      (row) => row.length === 4,
    )
    const hosts: readonly Host[] = [
      { platform: 'darwin', env: {}, homeDir: '/home/me' },
      { platform: 'linux', env: {}, homeDir: '/home/me' },
      { platform: 'linux', env: { MOUNTBAR_HOME: '/m' }, homeDir: '/home/me' },
    ]
    expect(head.slice(1)).toEqual(['macOS', 'Linux', '`MOUNTBAR_HOME=/m`'])
    const documented = rows.map((row) =>
      row.flatMap(inlineCodes).map((path) => path.replace(/^~/, '/home/me')),
    )
    const real = hosts.map(resolveHostDirs)
    const names = ['configDir', 'stateDir', 'cacheDir', 'logDir', 'runDir', 'volumesDir'] as const
    expect(documented).toEqual(names.map((name) => [name, ...real.map((dirs) => dirs[name])]))
  })
})

/** Reads the indented tree; a folder is a line whose name ends in a slash. */
function foldersDrawn(section: string): readonly Folder[] {
  const tree = /```\n([\s\S]*?)```/.exec(section)![1]!
  const parents: string[] = []
  return tree.split('\n').flatMap((line) => {
    const match = /^( *)(\S+)\/ *(.*)$/.exec(line)
    if (match === null) return []
    const [, indent = '', name = '', remark = ''] = match
    const depth = indent.length / 2
    parents.splice(depth, parents.length, name)
    return [{ path: parents.join('/'), planned: remark.startsWith('planned') }]
  })
}

const layersSchema = z.object({ layers: z.record(z.string(), z.array(z.string())) })

/** The folders of ours that each folder may reach, as the lint rule has them. */
async function enforcedLayers(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { layers } = layersSchema.parse(await import(pathToFileURL(join(repoDir, 'eslint-layers.js')).href))
  return new Map(Object.entries(layers).map(([folder, allowed]) => [folder, allowed.toSorted()]))
}
