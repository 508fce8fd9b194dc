import type { Bridge } from '../../src-main/services/bridge/bridge.ts'
import { startBridgeFront } from '../../tests/harness/rig/bridge-front.ts'
import type { Rig } from '../../tests/harness/rig/rig.ts'
import type { TestFront } from '../../tests/harness/front.ts'
import { DavSession } from './dav-session.ts'
import type { Samples } from './samples.ts'

const limitMs = 300_000
const removeImages = 'docker images --quiet mountbar-bridge | xargs -r docker image rm --force'

/** What there is of the image before a start, and what takes it away. */
const startsFrom = [
  ['nothing built', `${removeImages}; docker builder prune --all --force`],
  ['layers in the cache', removeImages],
  ['the image', 'true'],
] as const

export const startRows = [...startsFrom.map(([what]) => what), 'a bridge that is there'] as const

/** From the click to the first listing of the volume's root, in seconds. Whatever else the engine has stays. */
export async function measureStarts(
  rig: Rig,
  samples: Samples,
  rounds: number,
  onProgress: (text: string) => void,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const [what, prepare] of startsFrom) {
      onProgress(`start ${round + 1} of ${rounds}: from ${what}`)
      await rig.vm.exec(prepare, { limitMs })
      const startedMs = performance.now()
      const bridge = await rig.startBridge()
      const front = await startBridgeFront(bridge)
      await listRoot(front)
      samples.add('start', what, (performance.now() - startedMs) / 1_000)
      if (what === 'the image') samples.add('start', 'a bridge that is there', await restartSeconds(front))
      await front.stop()
      await stopped(bridge.bridge)
    }
  }
}

/** As after a crash of the front: the bridge has gone on. */
async function restartSeconds(front: TestFront): Promise<number> {
  await front.kill9()
  const startedMs = performance.now()
  await front.restart()
  await listRoot(front)
  return (performance.now() - startedMs) / 1_000
}

async function listRoot(front: TestFront): Promise<void> {
  await new DavSession(front.url).ask('PROPFIND', '', { depth: '1' }, [207])
}

async function stopped(bridge: Bridge): Promise<void> {
  await bridge.stop()
}
