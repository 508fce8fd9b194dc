import type { MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch'

import type { MetricQuery, Metrics, MetricValue } from '../ports.ts'
import { ask } from './ask.ts'
import type { VitalsAws } from './vitals-aws.ts'

/** `Metrics` by the AWS SDK, which is loaded with the first question. */
export function createCloudWatchMetrics(aws: VitalsAws, nowMs: () => number): Metrics {
  return {
    get: async (place, queries, sinceMs, signal) => {
      const { CloudWatchClient, GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch')
      const command = new GetMetricDataCommand({
        StartTime: new Date(sinceMs),
        EndTime: new Date(nowMs()),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: queries.map(asSdkQuery),
      })
      const { MetricDataResults = [] } = await ask(
        aws,
        { ...place, service: 'cloudwatch', action: 'cloudwatch:GetMetricData', signal },
        (config) => new CloudWatchClient(config),
        (client) => client.send(command, { abortSignal: signal }),
      )
      return queries.map((_, index) => newestOf(MetricDataResults.find(({ Id }) => Id === idOf(index))))
    },
  }
}

function asSdkQuery(query: MetricQuery, index: number): MetricDataQuery {
  const { namespace, name, dimensions, statistic, periodSeconds } = query
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
  const Metric = { Namespace: namespace, MetricName: name, Dimensions }
  return { Id: idOf(index), MetricStat: { Metric, Period: periodSeconds, Stat: statistic } }
}

/** CloudWatch wants names that begin with a small letter. */
function idOf(index: number): string {
  return `m${index}`
}

function newestOf(result: MetricDataResult | undefined): MetricValue | undefined {
  const [time] = result?.Timestamps ?? []
  const [value] = result?.Values ?? []
  return time === undefined || value === undefined ? undefined : { atMs: time.getTime(), value }
}
