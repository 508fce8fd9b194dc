import { AppError, toAppError } from '../../shared/errors.ts'
import { messageFor } from '../../shared/messages.ts'
import { awsCaller, awsClock, awsProfile, awsSession } from './checks/aws-access.ts'
import { awsPermissions } from './checks/aws-permissions.ts'
import { clockSane } from './checks/clock-sane.ts'
import { diskSpace } from './checks/disk-space.ts'
import { finderNetworkStores } from './checks/finder-network-stores.ts'
import { frontStarts } from './checks/front-starts.ts'
import { httpProxy } from './checks/http-proxy.ts'
import { mountTableClean } from './checks/mount-table-clean.ts'
import { mounterAvailable } from './checks/mounter-available.ts'
import { nodeVersion } from './checks/node-version.ts'
import { portsFree } from './checks/ports-free.ts'
import { settingsReadable } from './checks/settings-readable.ts'
import { stateDirUsable } from './checks/state-dir-usable.ts'
import { uploads } from './checks/uploads.ts'
import { failed } from './check.ts'
import type { Check, CheckResult } from './check.ts'
import type { CheckContext, DiagnosticsContext } from './context.ts'

/** In the order they are shown: what others build on comes first. */
const allChecks: readonly Check<CheckContext>[] = [
  nodeVersion,
  stateDirUsable,
  settingsReadable,
  mounterAvailable,
  frontStarts,
  mountTableClean,
  uploads,
  portsFree,
  httpProxy,
  diskSpace,
  clockSane,
  finderNetworkStores,
  awsProfile,
  awsSession,
  awsClock,
  awsCaller,
  ...awsPermissions,
]

export interface Diagnostics {
  /** Every check that makes sense on this machine, one after the other, so that none disturbs another. Rejects with `cancelled` only. */
  run(signal: AbortSignal): Promise<readonly CheckResult[]>
}

export function createDiagnostics(
  context: DiagnosticsContext,
  checks: readonly Check<CheckContext>[] = allChecks,
): Diagnostics {
  return {
    run: async (signal) => {
      let access: ReturnType<CheckContext['aws']> | undefined
      const aws: CheckContext['aws'] = () => (access ??= context.examineAws(signal))
      const results: CheckResult[] = []
      for (const check of checks) {
        const result = await resultOf(check, { ...context, aws })
        if (signal.aborted) throw new AppError('cancelled')
        if (result !== undefined) results.push(result)
      }
      return results
    },
  }
}

/** Nothing where the check makes no sense here. */
async function resultOf(check: Check<CheckContext>, context: CheckContext): Promise<CheckResult | undefined> {
  const { id, title, severity } = check
  try {
    if (!(await check.applicable(context))) return undefined
    return { id, title, severity, ...(await check.check(context)) }
  } catch (error) {
    const { text, fix } = messageFor(toAppError(error))
    return { id, title, severity, ...failed(text, ...(fix === undefined ? [] : [fix])) }
  }
}
