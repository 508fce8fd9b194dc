import type { FileSystem } from '../../services/drives/drive.ts'

/** Where AWS shows the bucket behind a file system, or all buckets as long as it is not known. */
export function consoleUrlOf(
  { region, remotePath }: Pick<FileSystem, 'region' | 'remotePath'>,
  bucket: { readonly name: string; readonly prefix: string } | undefined,
): string {
  const url = new URL(`https://${hostOf(region)}/s3/buckets`)
  if (bucket !== undefined) {
    url.pathname += `/${encodeURIComponent(bucket.name)}`
    const folders = [bucket.prefix, remotePath].flatMap((part) => part.split('/').filter(Boolean))
    url.searchParams.set('prefix', folders.map((folder) => `${folder}/`).join(''))
  }
  url.searchParams.set('region', region)
  return url.href
}

function hostOf(region: string): string {
  if (region.startsWith('cn-')) return 'console.amazonaws.cn'
  if (region.startsWith('us-gov-')) return 'console.amazonaws-us-gov.com'
  return `${region}.console.aws.amazon.com`
}
