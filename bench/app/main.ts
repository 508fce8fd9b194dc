import { readFile, rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

import { startApp, startChromium, type RunningApp } from '../../tests/harness/electron/start-app.ts'
import { volumesBelow } from '../../tests/harness/command-home.ts'
import { waitFor } from '../../tests/harness/wait-for.ts'
import { machineLine, readMachineFacts } from '../lib/machine.ts'
import { readTreeUsage } from '../lib/process-tree.ts'
import { median } from '../lib/statistics.ts'
import { textTable } from '../lib/text-table.ts'

/**
 * `npm run bench:app`: the built app on the stand-in for Electron: how soon the popover is painted, what the app costs while nothing happens, and
 * what one drive more costs. Main is Node here and the page Debian's Chromium; Electron's own share of memory is not in it.
 */
const openings = 20
const idleMs = 30_000
/** The popover takes a click just after it has hidden for the one that hid it. */
const betweenClicksMs = 400

const homeDir = await mkdtemp(join(tmpdir(), 'mountbar-bench-app-'))
const browser = await startChromium()
const app = await startApp({
  homeDir: join(homeDir, 'user'),
  browser,
  env: { MOUNTBAR_HOME: join(homeDir, 'app') },
})
try {
  console.log(machineLine(readMachineFacts()))
  const page = await app.page()
  const opened = await openPopover()
  const idle = await idleUsage()
  await page.getByRole('button', { name: 'Mount the Sandbox' }).click()
  await waitFor(async () => (await volumesBelow(homeDir)).length === 1, {
    what: 'the Sandbox',
    limitMs: 60_000,
  })
  const openedWithDrive = await openPopover()
  const withDrive = await idleUsage()
  const rows = [
    ['', 'nothing mounted', 'the Sandbox mounted'],
    ['popover, click to painted, median', `${opened.toFixed(0)} ms`, `${openedWithDrive.toFixed(0)} ms`],
    [`processor, of ${idleMs / 1000} s idle`, percent(idle.cpuShare), percent(withDrive.cpuShare)],
    ['memory of main and fronts', mib(idle.residentBytes), mib(withDrive.residentBytes)],
    ['memory for the drive', '', mib(withDrive.residentBytes - idle.residentBytes)],
    ['page’s scripts and styles, gzip', await pageSize(), ''],
  ]
  for (const line of textTable(rows, ['left', 'right', 'right'])) console.log(line)
  await unmount(page)
  await app.quit()
  await app.process.exited
} finally {
  await app[Symbol.asyncDispose]()
  await browser.close()
  await rm(homeDir, { recursive: true, force: true })
}

/** From the click until the second frame after it, the way to and from the other processes included. */
async function openPopover(): Promise<number> {
  const page = await app.page(1)
  const times: number[] = []
  for (let count = 0; count < openings; count++) {
    if (isShown(app)) await app.clickTray()
    await sleep(betweenClicksMs)
    const startedMs = performance.now()
    await app.clickTray()
    await waitFor(() => isShown(app), { what: 'the popover', everyMs: 1 })
    await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))',
    )
    times.push(performance.now() - startedMs)
  }
  return median(times)
}

function isShown({ desk }: RunningApp): boolean {
  return desk.windows.some(({ isVisible }) => isVisible)
}

async function idleUsage(): Promise<{ readonly cpuShare: number; readonly residentBytes: number }> {
  if (isShown(app)) await app.clickTray()
  await sleep(3_000)
  const before = readTreeUsage(app.process.pid)
  await sleep(idleMs)
  const after = readTreeUsage(app.process.pid)
  return {
    cpuShare: (after.cpuSeconds - before.cpuSeconds) / (idleMs / 1000),
    residentBytes: after.residentBytes,
  }
}

async function unmount(page: Awaited<ReturnType<RunningApp['page']>>): Promise<void> {
  await app.clickTray()
  await page.getByRole('button', { name: /^Unmount/ }).click()
  await waitFor(async () => (await volumesBelow(homeDir)).length === 0, {
    what: 'no volume',
    limitMs: 60_000,
  })
}

async function pageSize(): Promise<string> {
  const dir = join(import.meta.dirname, '../../out/renderer')
  const files = await Promise.all(['index.js', 'index.css'].map((name) => readFile(join(dir, name))))
  return `${(files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1000).toFixed(0)} kB`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}
