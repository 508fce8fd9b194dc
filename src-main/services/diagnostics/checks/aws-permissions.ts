import { awsCheck, findingOfError } from './aws-finding.ts'
import { failed, passed, untried } from '../check.ts'
import type { Check, Finding } from '../check.ts'
import type { AwsAccess } from '../aws-access.ts'
import type { CheckContext } from '../context.ts'

interface Row {
  readonly id: string
  readonly permission: string
  /** Completes "It is needed to …". */
  readonly purpose: string
}

const rows: readonly Row[] = [
  {
    id: 'aws-list-file-systems',
    permission: 's3files:ListFileSystems',
    purpose: 'choose a file system from a list',
  },
  {
    id: 'aws-get-file-system',
    permission: 's3files:GetFileSystem',
    purpose: 'tell the state of a file system and its bucket',
  },
  {
    id: 'aws-list-mount-targets',
    permission: 's3files:ListMountTargets',
    purpose: 'tell where a file system is reached',
  },
  { id: 'aws-client-mount', permission: 's3files:ClientMount', purpose: 'open a file system' },
  { id: 'aws-client-write', permission: 's3files:ClientWrite', purpose: 'change files' },
  { id: 'aws-get-object', permission: 's3:GetObject', purpose: 'tell when a change has reached the bucket' },
  {
    id: 'aws-get-metric-data',
    permission: 'cloudwatch:GetMetricData',
    purpose: 'tell how many changes S3 Files has still to export',
  },
]

/** By what AWS answered, and never by a guess. A mount needs none but the two that only a mount can try, so what is missing is advice. */
export const awsPermissions: readonly Check<Pick<CheckContext, 'aws'>>[] = rows.map((row) =>
  awsCheck({
    id: row.id,
    title: `AWS permission ${row.permission}`,
    severity: 'advice',
    findingOf: (access) => findingOf(row, access),
  }),
)

function findingOf({ permission, purpose }: Row, { permissions, profile }: AwsAccess): Finding | undefined {
  const fact = permissions?.[permission]
  switch (fact?.kind) {
    case undefined:
      return undefined
    case 'allowed':
      return passed('allowed')
    case 'denied':
      return failed(
        `AWS denies it. It is needed to ${purpose}.`,
        `Have your administrator allow ${permission} for whom the profile ${profile} stands.`,
      )
    case 'untried':
      return untried(fact.why)
    case 'unclear':
      return findingOfError(fact.error)
  }
}
