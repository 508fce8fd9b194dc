import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * Lists the npm packages inside the bridge's bundles, as CycloneDX, beside them. npm makes it from the lock file; what differs from one
 * run to the next is taken out, because the image is known by the hash of what it was built from.
 */
const args = ['sbom', '--workspace', '@mountbar/bridge', '--omit', 'dev', '--package-lock-only']
const { stdout } = await promisify(execFile)('npm', [...args, '--sbom-format', 'cyclonedx'], {
  maxBuffer: 16 * 1024 * 1024,
})
const { serialNumber: _serialNumber, metadata, ...rest } = JSON.parse(stdout) as Record<string, unknown>
const { component } = metadata as { component: Record<string, unknown> }
// npm names the project after the folder it lies in.
const sbom = { ...rest, metadata: { component: { ...component, name: 'mountbar' } } }
await writeFile('out/bridge/sbom.cdx.json', `${JSON.stringify(sbom, undefined, 2)}\n`)
