import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { useChromium } from '../../harness/electron/use-chromium.ts'
import { AwsAccount } from '../../harness/aws/account.ts'
import { keyLines } from '../../harness/aws/local-aws.ts'
import { startIdentityCenter } from '../../harness/aws/start-identity-center.ts'
import { startSts } from '../../harness/aws/sts.ts'
import { needs } from '../../harness/needs.ts'
import { endingProfiles, fileSystemDrive, identityCenterEnv, makeAppHome } from '../accounts/app-home.ts'
import { button, goTo, goToSettings, row } from '../accounts/views.ts'
import { playEngine } from '../engine/played-engine.ts'

needs('chromium')('secrets and the running app', () => {
  const browser = useChromium()

  test('none is in a diagnostics file, a log, the settings or anything a page is told; a reset leaves none behind', async () => {
    await using home = await makeAppHome()
    const account = new AwsAccount()
    const key = account.addUser('ann')
    const serial = 'arn:aws:iam::111122223333:mfa/ann'
    const role = account.addRole('Files', { trusts: [key.arn], mfa: { serial, code: '918273' } })
    await using sts = await startSts({ account, nowMs: () => Date.now() })
    await using center = await startIdentityCenter({ account, times: { intervalSeconds: 0.1 } })
    await using engine = await playEngine(home.engineSocketPath)
    await home.writeAws('credentials', `[ann]\n${keyLines(key)}`)
    await home.writeAws(
      'config',
      `${endingProfiles(center, 'work')}\n[profile files]\nrole_arn = ${role.arn}\nsource_profile = ann\nmfa_serial = ${serial}\n`,
    )
    const drives = [fileSystemDrive('Photos', 'work'), fileSystemDrive('Reports', 'files')]
    await home.writeSettings({ drives: drives.map((drive) => ({ ...drive, autoMount: false })) })
    await using app = await home.start(browser(), {
      ...identityCenterEnv(center),
      AWS_ENDPOINT_URL_STS: sts.url,
      MOUNTBAR_LOG: 'debug',
    })
    await app.clickTray()
    const page = await app.page()
    await page.evaluate('window.heard = []; void mountbar.onSnapshot((snapshot) => heard.push(snapshot))')

    await goTo(page, 'Accounts')
    await button(page, 'Sign in to work').click()
    await page.getByRole('group', { name: 'Code for signing in' }).waitFor()
    center.decideDevice('approved')
    await row(page, 'work')
      .getByText(/^Signed in/)
      .waitFor()
    await goTo(page, 'Drives')
    await button(page, 'Mount Photos').click()
    await row(page, 'Photos').getByText('Preparing the bridge').waitFor()
    await button(page, 'Mount Reports').click()
    await page.getByRole('dialog').getByLabel('Code').fill('918273')
    await page.keyboard.press('Enter')
    await row(page, 'Reports').getByText('Preparing the bridge').waitFor()
    expect(engine.requests).not.toEqual([])

    await goToSettings(page, 'Advanced')
    await page.getByRole('button', { name: 'Save…' }).click()
    const path = join(home.userDir, 'diagnostics.txt')
    ;(await app.dialog('save-dialog')).answer({ filePath: path, canceled: false })
    await page.getByText('Saved as').waitFor({ timeout: 45_000 })
    const bundle = await readFile(path, 'utf8')
    for (const part of ['== Checks ==', '== Settings ==', '== mountbar.log ==', 'fs-0123456789abcdef0'])
      expect(bundle).toContain(part)

    const keys = [...account.keys.values()]
    // The user's own, and those of the two sessions.
    expect(keys.length).toBeGreaterThanOrEqual(3)
    const secrets = [
      ...center.state.secrets,
      ...keys.flatMap(({ secretAccessKey, session }) => [secretAccessKey, session?.token ?? secretAccessKey]),
      ...drives.map(({ pathSecret }) => pathSecret),
      '918273',
    ]
    const told = JSON.stringify(await page.evaluate('heard')) + (await page.content())
    expect(told).toContain('Preparing the bridge')
    const logs = await home.readLogs()
    expect(logs).toContain('session obtained')
    const settings = await readFile(home.settingsPath, 'utf8')
    const found = (text: string, allowed: readonly string[] = []): readonly string[] =>
      secrets.filter((secret) => text.includes(secret) && !allowed.includes(secret))
    expect(found(bundle)).toEqual([])
    expect(found(logs)).toEqual([])
    expect(found(app.process.output())).toEqual([])
    expect(found(told)).toEqual([])
    expect(found(JSON.stringify([app.desk, app.deeds]))).toEqual([])
    // The path of a drive's own URL is kept where a volume needs it to stay the same, readable by its owner alone.
    expect(
      found(
        settings,
        drives.map(({ pathSecret }) => pathSecret),
      ),
    ).toEqual([])

    await page.getByRole('button', { name: 'Reset…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Reset', exact: true }).click()
    await expect.poll(async () => (await home.readSettings()).drives).toEqual([])
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await goTo(page, 'Drives')
    await page.getByRole('button', { name: 'Mount the Sandbox' }).waitFor()
    expect(found(await textBelow(home.appDir))).toEqual([])
    // AWS's own files are AWS's.
    expect(await readdir(join(home.userDir, '.aws/sso/cache'))).not.toEqual([])
  })
})

async function textBelow(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const texts = await Promise.all(
    // The app goes on writing: one that is gone since it was listed holds nothing.
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8').catch(() => '')),
  )
  return texts.join('\n')
}
