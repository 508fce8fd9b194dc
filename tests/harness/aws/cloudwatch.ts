import type { AwsAccount } from './account.ts'
import { awsError, startScriptedService } from './scripted-service.ts'
import type { AwsReply, AwsService } from './service.ts'

const target = 'GraniteServiceVersion20100801.GetMetricData'
const maxQueries = 500

/** One value of one metric of one file system. */
export interface Datum {
  readonly metric: string
  readonly fileSystemId: string
  readonly atMs: number
  readonly value: number
}

export interface CloudWatchOptions {
  readonly account: AwsAccount
  readonly nowMs: () => number
  /** Looked at with each request. */
  readonly data: readonly Datum[]
}

interface Query {
  readonly Id?: string
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string
      readonly MetricName: string
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[]
    }
    readonly Period: number
    readonly Stat: string
  }
}

interface Input {
  readonly StartTime: number
  readonly EndTime: number
  readonly ScanBy?: string
  readonly MetricDataQueries: readonly Query[]
}

/** `GetMetricData` of CloudWatch over `AWS/S3/Files`, in the JSON protocol that the SDK speaks. Its periods are not added up: one value each. */
export function startCloudWatch({ account, nowMs, data }: CloudWatchOptions): Promise<AwsService> {
  return startScriptedService({
    account,
    signedFor: 'monitoring',
    nowMs,
    answer: ({ headers, body }) => {
      if (headers['x-amz-target'] !== target) return awsError(404, 'UnknownOperationException')
      const input = JSON.parse(body) as Input
      const flaw = flawOf(input)
      if (flaw !== undefined) return awsError(400, 'ValidationError', flaw)
      return reply({
        MetricDataResults: input.MetricDataQueries.map((query) => resultOf(query, input, data)),
      })
    },
  })
}

function flawOf({ StartTime, EndTime, MetricDataQueries }: Input): string | undefined {
  if (typeof StartTime !== 'number' || !(StartTime < EndTime)) return 'StartTime'
  if (MetricDataQueries.length > maxQueries) return 'too many queries'
  const ids = MetricDataQueries.map(({ Id = '' }) => Id)
  if (new Set(ids).size < ids.length || ids.some((id) => !/^[a-z]\w*$/.test(id))) return 'Id'
  const isWrong = ({ MetricStat }: Query): boolean =>
    MetricStat?.Metric.Namespace !== 'AWS/S3/Files' || MetricStat.Period % 60 !== 0
  return MetricDataQueries.some(isWrong) ? 'MetricStat' : undefined
}

function resultOf(
  { Id, MetricStat }: Query,
  { StartTime, EndTime, ScanBy }: Input,
  data: readonly Datum[],
): object {
  const isAskedFor = ({ metric, fileSystemId, atMs }: Datum): boolean =>
    metric === MetricStat?.Metric.MetricName &&
    MetricStat.Metric.Dimensions.every(
      ({ Name, Value }) => Name === 'FileSystemId' && Value === fileSystemId,
    ) &&
    atMs / 1_000 >= StartTime &&
    atMs / 1_000 < EndTime
  const found = data.filter(isAskedFor).sort((one, other) => one.atMs - other.atMs)
  if (ScanBy !== 'TimestampAscending') found.reverse()
  return {
    Id,
    Label: MetricStat?.Metric.MetricName,
    Timestamps: found.map(({ atMs }) => atMs / 1_000),
    Values: found.map(({ value }) => value),
    StatusCode: 'Complete',
  }
}

function reply(body: object): AwsReply {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
  }
}
