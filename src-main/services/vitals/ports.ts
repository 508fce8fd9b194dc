/**
 * What vitals need of AWS and of the bridge. Both AWS ports have their adapter in `aws/`; tests hand in fakes.
 */

/** Who asks, and where. `profile` is one of `~/.aws/config`; the default one where absent. */
export interface AwsPlace {
  readonly region: string
  readonly profile: string | undefined
}

export interface BucketPlace extends AwsPlace {
  readonly bucket: string
}

/** The latest version of one object. */
export interface ObjectFacts {
  readonly key: string
  readonly size: number
  /** With its quotes, as in HTTP. */
  readonly etag: string
  /** By S3's clock, in whole seconds. */
  readonly lastModifiedMs: number
}

/** All reject with an `AppError`, also when the session has ended: they ask nobody to sign in. */
export interface ObjectStore {
  /** One HeadObject. Resolves with nothing when there is no such object. */
  head(place: BucketPlace, key: string, signal: AbortSignal): Promise<ObjectFacts | undefined>
  /** One ListObjectsV2: objects directly below `prefix`, after `after`, in the order of their keys' UTF-8 bytes, at most a thousand. */
  list(
    place: BucketPlace,
    range: { readonly prefix: string; readonly after: string | undefined },
    signal: AbortSignal,
  ): Promise<ObjectPage>
  /** How far S3's clock is ahead of this machine's; nothing before the first answer. */
  skewMs(): number | undefined
}

export interface ObjectPage {
  readonly objects: readonly ObjectFacts[]
  /** There are more, after the last key that this page has. */
  readonly next: string | undefined
}

export interface MetricQuery {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly statistic: 'Sum' | 'Maximum'
  readonly periodSeconds: number
}

export interface MetricValue {
  readonly atMs: number
  readonly value: number
}

export interface Metrics {
  /** One GetMetricData for all `queries`: the newest value of each since `sinceMs`, in their order. Rejects with an `AppError`. */
  get(
    place: AwsPlace,
    queries: readonly MetricQuery[],
    sinceMs: number,
    signal: AbortSignal,
  ): Promise<readonly (MetricValue | undefined)[]>
}

/** What S3 Files says of one file; see the bridge's `ExportStatus`. */
export interface ExportFacts {
  /** `s3://…` of the object; absent when the file was never exported. */
  readonly objectUrl?: string | undefined
  /** AWS's name of a failure that it will not try again. */
  readonly exportError?: string | undefined
}
