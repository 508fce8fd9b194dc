import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { atMostCalls } from '../target.ts'
import { names } from '../tree.ts'
import { expectBytes, expectFile, expectGone } from './expect-files.ts'
import { showFolder, type Gesture } from './gesture.ts'

export const rename: Gesture = {
  id: 'rename',
  title: 'Rename a file',
  prepare: (context) => showFolder(context, names.work),
  run: ({ volume, path }) =>
    volume.rename(`${path}/${names.work}/${names.renamed}`, `${path}/${names.work}/new-name`),
  async check(dir, contents) {
    await expectGone(join(dir, names.work, names.renamed))
    await expectFile(join(dir, names.work, 'new-name'), contents.small)
  },
}

export const remove: Gesture = {
  id: 'delete',
  title: 'Delete a file',
  prepare: (context) => showFolder(context, names.work),
  run: ({ volume, path }) => volume.deleteTree(`${path}/${names.work}/${names.deleted}`),
  check: (dir) => expectGone(join(dir, names.work, names.deleted)),
}

export const newFolder: Gesture = {
  id: 'new-folder',
  title: 'Make a new folder',
  prepare: (context) => showFolder(context, names.work),
  run: ({ volume, path }) => volume.newFolder(`${path}/${names.work}/untitled folder`),
  check(dir) {
    const path = join(dir, names.work, 'untitled folder')
    return existsSync(path) ? Promise.resolve() : Promise.reject(new Error('the new folder is not there'))
  },
}

const tag = 'com.apple.metadata:_kMDItemUserTags'

export const setMetadata: Gesture = {
  id: 'finder-metadata',
  title: "Give a file a tag (Finder's metadata)",
  target: atMostCalls({ total: 0 }),
  prepare: (context) => showFolder(context, names.work),
  async run({ volume, path }) {
    const taggedPath = `${path}/${names.work}/${names.tagged}`
    const value = Buffer.from('a tag')
    await volume.setxattr(taggedPath, tag, value)
    expectBytes(await volume.getxattr(taggedPath, tag), value, 'the tag')
  },
}
