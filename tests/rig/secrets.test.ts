import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import type { IssuedIdentity } from '../../src-main/services/bridge/ports.ts'
import { Drive } from '../contract/backend/subject.ts'
import type { TestFront } from '../harness/front.ts'
import { needs } from '../harness/needs.ts'
import { startBridgeFront } from '../harness/rig/bridge-front.ts'
import { createIdentitySource } from '../harness/rig/identity-source.ts'
import { startRig, type Rig } from '../harness/rig/rig.ts'
import type { RigBridge } from '../harness/rig/rig-bridge.ts'
import { traceable } from '../harness/rig/traceable.ts'
import { examplePrincipal } from '../harness/s3files/start-mount-target.ts'
import { attachVm } from '../harness/vm/attach-vm.ts'
import { vmNeeds } from '../harness/vm/vm-needs.ts'
import { waitFor } from '../harness/wait-for.ts'

/** Generous: the VM's processor is emulated, and other suites may share the machine. */
const limitMs = 250_000

const principal = {
  ...examplePrincipal,
  secretAccessKey: 'CanarySecretAccessKeyCanarySecretAccessK',
  session: {
    token: `CanarySessionToken/${'Canary+Canary/'.repeat(20)}==`,
    expiresAtMs: Date.UTC(2099, 0, 1),
  },
}

needs(...vmNeeds)('no secret of a bridge', () => {
  const stack = new AsyncDisposableStack()
  let rig: Rig
  let bridge: RigBridge
  let front: TestFront
  let secrets: Record<string, readonly string[]>

  beforeAll(async () => {
    rig = stack.use(
      await startRig({
        vm: await attachVm(inject('rigVmPort')),
        s3Files: { authority: { principals: [principal] } },
      }),
    )
    const issued: IssuedIdentity[] = []
    const issue = createIdentitySource({ target: rig.s3Files.mountTarget, key: rig.tunnelKey })
    const identity = async (signal: AbortSignal) => {
      issued.push(await issue(signal))
      return issued.at(-1)!
    }
    bridge = await rig.startBridge({ identity })
    front = stack.use(await startBridgeFront(bridge))
    const tokens = [bridge.bridge.address()!.token]

    // All that is said when things go well, are refused, die and are made anew.
    await new Drive(stack.use(bridge.backend())).put('/file', 'content')
    await bridge.putIdentity(await identity(new AbortController().signal))
    await expect(bridge.putIdentity({ ...issued[0]!, expiresAtMs: NaN })).rejects.toThrow()
    await rig.vm.exec(`docker kill ${await bridge.containerId('agent')} || true`, { limitMs })
    const token = await waitFor(
      () => bridge.bridge.address()?.token !== tokens[0] && bridge.bridge.address()?.token,
      {
        what: 'another life',
        limitMs,
      },
    )
    secrets = {
      'the secret access key': traceable(principal.secretAccessKey),
      'the session token': traceable(principal.session.token),
      'the private key': issued.flatMap(({ privateKeyPem }) => linesOf(privateKeyPem)),
      'a certificate, which has the session token in it': issued.flatMap(({ certificatePem }) =>
        linesOf(certificatePem),
      ),
      'a bearer token': [...tokens, token],
    }
  })

  afterAll(() => stack.disposeAsync())

  /** Names of the secrets in `text`. */
  const foundIn = (text: string) =>
    Object.entries(secrets).flatMap(([name, forms]) =>
      forms.some((form) => text.includes(form)) ? [name] : [],
    )

  const inspected = async () => {
    const ids = await Promise.all([bridge.containerId('agent'), bridge.containerId('tunnel')])
    const image = `$(docker inspect --format '{{.Image}}' ${ids[0]})`
    return rig.vm.exec(`docker inspect ${ids.join(' ')} ${image}; docker history --no-trunc ${image}`, {
      limitMs,
    })
  }
  const logged = async () => {
    const ids = await Promise.all([bridge.containerId('agent'), bridge.containerId('tunnel')])
    return rig.vm.exec(ids.map((id) => `docker logs ${id} 2>&1`).join('; '), { limitMs })
  }
  const processes = () =>
    rig.vm.exec(
      'for f in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do tr "\\\\0" "\\\\n" < $f; done 2>/dev/null; true',
      {
        limitMs,
      },
    )
  const ownProcesses = async () => {
    const files = [`/proc/${front.pid}/environ`, `/proc/${front.pid}/cmdline`, '/proc/self/environ']
    return (await Promise.all(files.map((path) => readFile(path, 'latin1')))).join('\n')
  }

  test.each([
    ['what anybody who may ask the engine can see', inspected, 'mountbar.fingerprint'],
    ['the containers’ logs', logged, 'mounted'],
    ['arguments and environments of the VM’s processes', processes, '/opt/mountbar'],
    ['arguments and environments on this machine', ownProcesses, 'front.js'],
    ['our own log', () => Promise.resolve(rig.logLines.join('\n')), 'identity renewed'],
    ['what a front tells its parent', () => Promise.resolve(JSON.stringify(front.events)), 'ready'],
  ])('is in %s', async (_place, read, control) => {
    const text = await read()
    expect(text).toContain(control)
    expect(foundIn(text)).toEqual([])
  })

  test('is on the disk of the engine: in images, in containers, in what it keeps of them', async () => {
    const control = bridge.spec.installationId
    const needles = [...Object.values(secrets).flat(), control]
    // The shell reads its commands from a pipe, so that it is not in its arguments either.
    await rig.vm.exec(`cat > /run/needles << 'END'\n${needles.join('\n')}\nEND`)
    const found = await rig.vm.exec(
      'grep -raohF -f /run/needles /var/lib/docker | sort -u; rm /run/needles',
      { limitMs },
    )
    expect(found.trim().split('\n')).toEqual([control])
  })

  test('is kept by the front on this machine', async () => {
    const entries = await readdir(front.stateDir, { recursive: true, withFileTypes: true })
    const paths = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
    expect(paths).not.toEqual([])
    for (const path of paths) expect(foundIn(await readFile(path, 'latin1'))).toEqual([])
  })

  test('is where it has to be, for the tunnel alone', async () => {
    const tunnel = await bridge.containerId('tunnel')
    const files = await rig.vm.exec(
      `docker exec ${tunnel} sh -c 'stat -c "%a %u %n" /run/mountbar /run/mountbar/*; grep -c . /proc/mounts; grep mountbar /proc/mounts'`,
      { limitMs },
    )
    expect(files).toMatch(/^700 7400 \/run\/mountbar$/m)
    expect(files).not.toMatch(/^[0-7]*[1-7] 7400 \/run\/mountbar\/.*(key|pem)/m)
    expect(files).toMatch(/^tmpfs \/run\/mountbar tmpfs /m)
    const agent = await bridge.containerId('agent')
    expect(
      foundIn(
        await rig.vm.exec(`docker exec ${agent} sh -c 'cat /run/mountbar/* 2>/dev/null; true'`, { limitMs }),
      ),
    ).toEqual([])
  })
})

/** Lines from the middle of a PEM text: no header, and nothing that all keys have in common. */
function linesOf(pem: string): readonly string[] {
  return pem.split('\n').slice(10, 14)
}
