import { shell } from 'electron'

import type { Logger } from '../../lib/logger.ts'
import type { LinkId } from '../../shared/app/snapshot.ts'

const project = 'https://github.com/mountbar/mountbar'

/** All pages that a window can ask for; it knows their names only. */
const addresses: Readonly<Record<LinkId, string>> = {
  docs: `${project}#readme`,
  troubleshooting: `${project}/blob/main/docs/troubleshooting.md`,
  issues: `${project}/issues`,
  'install-engine': 'https://docs.docker.com/desktop/setup/install/mac-install/',
  'aws-s3-files': 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files.html',
}

export interface Links {
  openLink(link: LinkId): Promise<void>
  openUrl(url: string): Promise<boolean>
}

export function createLinks(logger: Logger): Links {
  const openUrl = async (url: string): Promise<boolean> => {
    if (!isForBrowsers(url)) {
      logger.warn('links', 'refused', { url })
      return false
    }
    try {
      await shell.openExternal(url)
      return true
    } catch (error) {
      logger.warn('links', 'not opened', { error })
      return false
    }
  }
  return {
    openUrl,
    openLink: async (link) => {
      await openUrl(addresses[link])
    },
  }
}

/** The system opens whatever a scheme is registered for; ours are pages. Without TLS only on this machine, where sign-ins come back to. */
export function isForBrowsers(url: string): boolean {
  const address = URL.parse(url)
  if (address === null || address.username !== '' || address.password !== '') return false
  if (address.protocol === 'https:') return true
  return address.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname)
}
