import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { systemClock } from '../../../../src-main/lib/clock.ts'
import { startPlugin } from '../../../../src-main/services/stacks/ssm/plugin-process.ts'
import { pluginCall, sessionRequest } from '../../../../src-main/services/stacks/ssm/session-request.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'

const instanceId = 'i-0123456789abcdef0'
const token = 'AAEAAexampleOfAToken'
/** Tells what it was given, and then what the real one tells. */
const program = `#!/bin/sh
env > "$HOME/environment"
printf '%s\\n' "$@" > "$HOME/arguments"
echo 'Port 40001 opened for sessionId s-1.'
exec sleep 60
`

test('the plugin has the token in one variable, nothing of it in its arguments, and nothing else of our environment', async () => {
  await using temp = await makeTempDir('plugin')
  const programPath = join(temp.dir, 'session-manager-plugin')
  await writeFile(programPath, program, { mode: 0o700 })
  const request = sessionRequest({ instanceId, remoteHost: '10.0.0.7', localPort: 40_001 })
  const grant = { SessionId: 's-1', StreamUrl: 'wss://example.com/s-1', TokenValue: token }
  const call = pluginCall(request, grant, { region: 'eu-central-1', endpoint: 'https://example.com' })
  await using _plugin = await startPlugin({
    programPath,
    call,
    instanceId,
    env: { PATH: process.env['PATH'], HOME: temp.dir, AWS_SECRET_ACCESS_KEY: 'x', NODE_OPTIONS: '--inspect' },
    clock: systemClock,
    signal: new AbortController().signal,
  })
  const [environment, args] = await Promise.all(
    ['environment', 'arguments'].map((name) => readFile(join(temp.dir, name), 'utf8')),
  )
  const variables = environment!.split('\n').map((line) => line.split('=')[0] ?? '')
  // The shell that plays the plugin adds its own.
  expect(variables.filter((name) => !['', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)).toSorted()).toEqual([
    'AWS_SSM_START_SESSION_RESPONSE',
    'HOME',
    'PATH',
  ])
  expect(environment).toContain(token)
  expect(args).toContain(instanceId)
  expect(args).not.toContain(token)
})
