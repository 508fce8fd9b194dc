import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import { contentBecomes, makeAppHome, rowOf, showDrives, statusBecomes } from './app-home.ts'

needs('chromium', 'davfs2')('a file on its way from the volume to the bucket', () => {
  const browser = useChromium()

  test('is waiting, then in S3 Files, then in S3, each as the app shows it', async () => {
    await using home = await makeAppHome(browser())
    const app = await home.startApp({ env: { MOUNTBAR_EXPORT_QUIET_MS: '4000' } })
    const page = await app.page()
    await page.getByRole('button', { name: 'Mount the Sandbox' }).click()
    const sandbox = { name: 'Sandbox' }
    await statusBecomes(page, sandbox, 'Mounted')
    const row = rowOf(page, sandbox)
    await expect.poll(() => row.textContent()).toContain('nothing saved yet')

    const [volume = ''] = await home.volumes()
    await home.gate.close()
    await writeFile(join(volume, 'report.txt'), 'written in the volume')
    await expect.poll(() => app.desk.tray?.imagePath).toMatch(/workingTemplate\.png$/)
    await expect.poll(() => app.desk.tray?.toolTip).toContain('1 file on its way')
    await page.getByRole('button', { name: /^Activity/ }).click()
    await expect.poll(() => page.textContent('body')).toContain('report.txt')
    await showDrives(page)
    await expect.poll(() => row.textContent()).toContain('1 file on its way')

    // Looked at from before, because it is in between for four seconds only.
    await page.getByRole('button', { name: /^Activity/ }).click()
    const recent = page.getByRole('listitem').filter({ hasText: 'report.txt' })
    await home.gate.open()
    await recent.getByText('in S3 Files').waitFor()
    await contentBecomes(join(home.dir, 'app/state/Sandbox/report.txt'), 'written in the volume')
    const bucketPath = join(home.bucketsDir, (await home.command.status('Sandbox')).id, 'report.txt')
    await contentBecomes(bucketPath, 'written in the volume')
    await expect.poll(() => recent.textContent()).toMatch(/in S3 ·/)

    await showDrives(page)
    await expect.poll(() => row.textContent()).toMatch(/in S3 after \d+ (s|min).*all in S3/)
    await expect.poll(() => app.desk.tray?.imagePath).toMatch(/mountedTemplate\.png$/)

    // What is changed goes the same way again, and what is there of it stays until then.
    await home.gate.close()
    await writeFile(join(volume, 'report.txt'), 'changed')
    await expect.poll(() => row.textContent()).toContain('1 file on its way')
    expect(await readFile(bucketPath, 'utf8')).toBe('written in the volume')
    await home.gate.open()
    await contentBecomes(bucketPath, 'changed')
    await expect.poll(() => row.textContent()).toContain('all in S3')

    await page.getByRole('button', { name: 'Unmount Sandbox' }).click()
    await statusBecomes(page, sandbox, 'Not mounted')
    expect(await home.volumes()).toEqual([])
  })
})
