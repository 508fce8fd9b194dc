import { Readable } from 'node:stream'

import type { TestFront } from '../../../tests/harness/front.ts'
import { waitFor } from '../../../tests/harness/wait-for.ts'
import { DavSession } from '../dav-session.ts'
import { smallBytes, timedEach, type Way } from '../way.ts'
import { bytes } from './agent.ts'

const propfind = Buffer.from(
  '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:getlastmodified/><D:getcontentlength/><D:resourcetype/></D:prop></D:propfind>',
)
const deliveryLimitMs = 900_000

/** The front process that users run, as a program on the Mac meets it: by WebDAV, in the manner of macOS. */
export function frontWay(front: TestFront): Way {
  const session = new DavSession(front.url)
  const look = (path: string, depth: '0' | '1') =>
    session.ask('PROPFIND', path, { body: Readable.from([propfind]), size: propfind.length, depth }, [207])
  const get = (path: string) => session.ask('GET', path, {}, [200])
  const put = (path: string, size: number) =>
    session.ask('PUT', path, { body: Readable.from(bytes(size)), size }, [201, 204])
  const delivered = () =>
    waitFor(async () => (await front.status()).uploads.pending === 0, {
      what: 'the upload to be delivered',
      limitMs: deliveryLimitMs,
      everyMs: 5,
    })
  /** Both times of each: to the answer, and until the server has it. */
  const save = async (paths: readonly string[], size: number) => {
    const toAnswer: number[] = []
    const toDelivery = await timedEach(paths, async (path) => {
      toAnswer.push(...(await timedEach([path], () => put(path, size))))
      await delivered()
    })
    return { toAnswer, toDelivery }
  }

  return {
    label: 'front',
    perform: async ({ stats, lists, reads, writes, bigReads, bigWrites, bigBytes }) => {
      const stat = await timedEach(stats, (path) => look(path, '0'))
      const list = await timedEach(lists, (path) => look(`${path}/`, '1'))
      const read = await timedEach(reads, get)
      const small = await save(writes, smallBytes)
      const bigRead = await timedEach(bigReads, get)
      const big = await save(bigWrites, bigBytes)
      return {
        stat,
        list,
        read,
        write: small.toAnswer,
        writeDelivered: small.toDelivery,
        bigRead,
        bigWrite: big.toAnswer,
        bigWriteDelivered: big.toDelivery,
      }
    },
  }
}
