import { closeSync, fsyncSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs'

import type { Task, Times } from '../way.ts'

/**
 * The baseline: what programs in the VM wait for on a plain NFS mount. Runs there, on the Node of the test image, is told what to do in one
 * argument, and answers with one line of JSON. Plain calls of the kernel, one after the other, with nothing in between.
 */
const { root, stats, lists, reads, writes, bigReads, bigWrites, bigBytes } = JSON.parse(
  process.argv[2] ?? '',
) as Task & { readonly root: string }
const small = Buffer.alloc(4096, 'x')
const piece = Buffer.alloc(1024 * 1024, 'y')

const times: Times = {
  stat: timedEach(stats, statSync),
  list: timedEach(lists, list),
  read: timedEach(reads, (path) => read(path, small)),
  write: timedEach(writes, (path) => write(path, small, 1)),
  bigRead: timedEach(bigReads, (path) => read(path, piece)),
  bigWrite: timedEach(bigWrites, (path) => write(path, piece, bigBytes / piece.length)),
}
console.log(JSON.stringify(times))

function timedEach(paths: readonly string[], work: (path: string) => unknown): readonly number[] {
  return paths.map((path) => {
    const startedMs = performance.now()
    work(`${root}/${path}`)
    return performance.now() - startedMs
  })
}

function list(dir: string): void {
  for (const name of readdirSync(dir)) statSync(`${dir}/${name}`)
}

function read(path: string, buffer: Buffer): void {
  const fd = openSync(path, 'r')
  let count: number
  do count = readSync(fd, buffer)
  while (count > 0)
  closeSync(fd)
}

function write(path: string, buffer: Buffer, times: number): void {
  const fd = openSync(path, 'wx')
  for (let i = 0; i < times; i += 1) writeSync(fd, buffer)
  fsyncSync(fd)
  closeSync(fd)
}
