import type { StackView } from '../../services/stacks/stack.ts'
import type { StackChoice } from '../../shared/app/stacks.ts'
import { nfsPort } from '../../services/stacks/connect/find-ways-in.ts'

/** A stack as windows choose from. */
export function stackChoiceOf({ name, status, wayIn, outputs }: StackView): StackChoice {
  if (outputs === undefined) return { name, status, wayIn, fileSystem: undefined }
  const { fileSystemId, accessPointId, bucketName: bucket, prefix, endpoint } = outputs
  const server = { host: endpoint, port: nfsPort }
  return {
    name,
    status,
    wayIn,
    fileSystem: {
      fileSystemId,
      accessPointId,
      bucket,
      prefix,
      server,
      ...(outputs.wayIn === 'ssm' && { throughInstanceId: outputs.instanceId }),
    },
  }
}
