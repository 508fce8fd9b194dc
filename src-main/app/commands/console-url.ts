import type { FileSystem } from '../../services/drives/drive.ts'
import type { Bucket } from '../drives/buckets.ts'

/** Where AWS shows the bucket behind a file system, or all buckets as long as it is not known. */
export function consoleUrlOf(
  { region, remotePath }: Pick<FileSystem, 'region' | 'remotePath'>,
  bucket: Bucket | undefined,
): string {
  const url = new URL(`https://${hostOf(region)}/s3/buckets`)
  if (bucket !== undefined) {
    url.pathname += `/${encodeURIComponent(bucket.name)}`
    const shown = bucket.isExact ? [bucket.prefix, remotePath] : [bucket.prefix]
    const folders = shown.flatMap((part) => part.split('/').filter(Boolean))
    url.searchParams.set('prefix', folders.map((folder) => `${folder}/`).join(''))
  }
  url.searchParams.set('region', region)
  // A plus is a space to some, and a plus to others.
  return url.href.replaceAll('+', '%20')
}

function hostOf(region: string): string {
  if (region.startsWith('cn-')) return 'console.amazonaws.cn'
  if (region.startsWith('us-gov-')) return 'console.amazonaws-us-gov.com'
  return `${region}.console.aws.amazon.com`
}
