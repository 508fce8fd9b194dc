import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { frontConfigSchema } from '../../../src-main/shared/front-protocol.ts'
import { HttpClient } from '../../lib/http-client.ts'
import { macosUserAgent, standardUserAgent } from '../user-agents.ts'
import { entryName, listingPath } from '../workspace.ts'
import { onOneFront, type Bench, type Measurement, type Sample, type Subject } from './measurement.ts'
import { buildListing, checkListing, list } from './propfind.ts'

/** Our own metadata TTL and a little more: after it nothing that was listed before may be answered from memory. */
const coldAfterMs = frontConfigSchema.shape.metadataTtlMs.parse(undefined) + 200

const sizes = [
  { entries: 10, cold: 'propfind-10-cold', warm: 'propfind-10-warm', repeats: 20 },
  { entries: 1_000, cold: 'propfind-1000-cold', warm: 'propfind-1000-warm', repeats: 10 },
  { entries: 10_000, cold: 'propfind-10000-cold', warm: 'propfind-10000-warm', repeats: 3 },
] as const

type Size = (typeof sizes)[number]

/**
 * PROPFIND Depth 1 as macOS sends it. Cold: the server has not been asked for longer than our TTL and one entry has changed
 * since. Within the TTL: asked again at once.
 */
export function createListing(): Measurement {
  const lastAskedMs = new Map<Subject, number>()
  return {
    name: 'listings',
    rows: [...sizes.flatMap(({ cold, warm }) => [cold, warm]), 'listing-mb-macos', 'listing-mb-standard'],
    appliesTo: onOneFront,

    async measure(subject, bench) {
      using client = await HttpClient.open(subject.port, bench.signal)
      const askedMs = lastAskedMs.get(subject)
      if (askedMs === undefined) await checkOnce(subject, client)
      else
        await sleep(Math.max(0, askedMs + coldAfterMs - performance.now()), undefined, {
          signal: bench.signal,
        })

      const samples: Sample[] = []
      // All cold ones first: the warm ones of one size must not give another time to expire.
      for (const size of sizes) samples.push(...(await measureCold(subject, client, bench, size)))
      for (const size of sizes) samples.push(...(await measureWarm(subject, client, size)))
      samples.push(await measureBody(subject, client))
      lastAskedMs.set(subject, performance.now())
      return samples
    },
  }
}

async function measureCold(
  subject: Subject,
  client: HttpClient,
  bench: Bench,
  size: Size,
): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const path of foldersOf(size.entries, bench)) {
    const changedPath = join(bench.workspace.rootDir, path, entryName(size.entries >> 1))
    const now = new Date()
    await utimes(changedPath, now, now)
    const { ms, bodyBytes } = await list(client, buildListing(subject, path, macosUserAgent))
    samples.push({ row: size.cold, value: ms })
    if (size.entries === 10_000) samples.push({ row: 'listing-mb-macos', value: bodyBytes / 1e6 })
  }
  return samples
}

async function measureWarm(subject: Subject, client: HttpClient, size: Size): Promise<Sample[]> {
  const request = buildListing(subject, listingPath(size.entries, 0), macosUserAgent)
  // By now the first folder may have expired: ask once without a clock.
  await list(client, request)
  const samples: Sample[] = []
  for (let repeat = 0; repeat < size.repeats; repeat++) {
    samples.push({ row: size.warm, value: (await list(client, request)).ms })
  }
  return samples
}

async function measureBody(subject: Subject, client: HttpClient): Promise<Sample> {
  const { bodyBytes } = await list(client, buildListing(subject, listingPath(10_000, 0), standardUserAgent))
  return { row: 'listing-mb-standard', value: bodyBytes / 1e6 }
}

async function checkOnce(subject: Subject, client: HttpClient): Promise<void> {
  for (const { entries } of sizes) {
    await checkListing(client, buildListing(subject, listingPath(entries, 0), macosUserAgent), entries)
  }
}

function foldersOf(entries: number, bench: Bench): readonly string[] {
  const { folders } = bench.workspace.shape.listings.find((listing) => listing.entries === entries)!
  return Array.from({ length: folders }, (_, folder) => listingPath(entries, folder))
}
