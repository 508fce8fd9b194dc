import type { ByteRange, Call, Chunks } from './backend.ts'
import { isFinderName } from './finder/finder-names.ts'
import { joinPath, type VfsPath } from './path.ts'
import type { Directory, Node, OpenedNode } from './vfs.ts'

/** What the backend's tree and the store of Finder's own files have in common. */
export interface FileTree {
  stat(path: VfsPath, call: Call): Promise<Node>
  list(path: VfsPath, call: Call): Promise<Directory>
  read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedNode>
  write(path: VfsPath, body: Chunks, call: Call): Promise<Node>
  makeDirectory(path: VfsPath, call: Call): Promise<Node>
  remove(path: VfsPath, call: Call): Promise<void>
}

export interface Place {
  readonly tree: FileTree
  readonly path: VfsPath
}

/**
 * Copies what is at `from` to `to`, where nothing or a file is, streaming one file at a time. Finder's own files below are
 * left out: they stay on the Mac and are copied there. A failure leaves what was copied so far.
 */
export async function copyTree(from: Place, to: Place, depth: 0 | 'infinity', call: Call): Promise<Node> {
  const source = await from.tree.stat(from.path, call)
  if (source.kind === 'file') return copyFile(from, to, call)
  await to.tree.makeDirectory(to.path, call)
  if (depth === 'infinity') {
    const { children } = await from.tree.list(from.path, call)
    for (const name of children.keys()) {
      if (!isFinderName(name)) await copyTree(below(from, name), below(to, name), depth, call)
    }
  }
  return to.tree.stat(to.path, call)
}

async function copyFile(from: Place, to: Place, call: Call): Promise<Node> {
  const opened = await from.tree.read(from.path, undefined, call)
  try {
    return await to.tree.write(to.path, opened.body, call)
  } finally {
    await opened.close()
  }
}

function below(place: Place, name: string): Place {
  return { tree: place.tree, path: joinPath(place.path, name) }
}
