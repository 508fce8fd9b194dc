import { isAppError } from '../../../shared/errors.ts'
import type { AwsTarget } from '../stack.ts'
import type { Clients } from './clients.ts'

/**
 * Why a file system does not come up: CloudFormation only waits, or calls it made, while S3 Files says what its role cannot do. `undefined` when
 * all is well, or when nobody may ask.
 */
export async function readFileSystemTrouble(
  fileSystemId: string,
  { clients, target }: { readonly clients: Clients; readonly target: AwsTarget },
  signal: AbortSignal,
): Promise<string | undefined> {
  const call = { action: 's3files:GetFileSystem', target, signal }
  try {
    return await clients.s3Files(call, async (client, { GetFileSystemCommand }) => {
      const command = new GetFileSystemCommand({ fileSystemId })
      const { status, statusMessage } = await client.send(command, { abortSignal: signal })
      const isWell = status !== 'creating' && status !== 'error'
      return isWell || statusMessage === '' ? undefined : statusMessage
    })
  } catch (error) {
    // What is told is a help only; whoever watches goes on without.
    if (isAppError(error)) return undefined
    throw error
  }
}
