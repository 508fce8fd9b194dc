import { installPackages, missingPackages } from './install.ts'
import { isRootOnDebian, readHost } from './host.ts'
import { testPackages } from './packages.ts'

/**
 * `node scripts/debian/ensure.ts davfs2 …`: installs what is missing of the packages named, as root on Debian; elsewhere
 * does nothing. Always ends well: whoever needs a package finds out, and says so better than this could.
 */
const wanted = testPackages.filter(({ name }) => process.argv.includes(name))
const missing = missingPackages(wanted)
if (missing.length > 0 && isRootOnDebian(readHost())) {
  const names = missing.map(({ name }) => name).join(' ')
  console.error(`Installing ${names} …`)
  if (!(await installPackages(missing))) console.error(`Could not install ${names}.`)
}
