import type { AwsPlace, MetricQuery, Metrics, MetricValue } from '../../src-main/services/vitals/ports.ts'
import type { AppError } from '../../src-main/shared/errors.ts'

/** CloudWatch with one value for each metric of each file system. */
export class FakeMetrics implements Metrics {
  readonly asked: {
    readonly place: AwsPlace
    readonly queries: readonly MetricQuery[]
    readonly sinceMs: number
  }[] = []
  /** By `<file system> <metric>`. */
  readonly values = new Map<string, MetricValue>()
  error: AppError | undefined

  get(
    place: AwsPlace,
    queries: readonly MetricQuery[],
    sinceMs: number,
  ): Promise<readonly (MetricValue | undefined)[]> {
    this.asked.push({ place, queries, sinceMs })
    if (this.error !== undefined) return Promise.reject(this.error)
    return Promise.resolve(
      queries.map(({ name, dimensions }) => this.values.get(`${dimensions['FileSystemId'] ?? ''} ${name}`)),
    )
  }
}
