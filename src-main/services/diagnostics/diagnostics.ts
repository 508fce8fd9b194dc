import { toAppError } from '../../shared/errors.ts'
import { messageFor } from '../../shared/messages.ts'
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
import type { Check, CheckResult, Finding } from './check.ts'
import type { DiagnosticsContext } from './context.ts'

/** In the order they are shown: what others build on comes first. */
const allChecks: readonly Check<DiagnosticsContext>[] = [
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
]

export interface Diagnostics {
  /** Every check that makes sense on this machine, one after the other, so that none disturbs another. Never rejects. */
  run(): Promise<readonly CheckResult[]>
}

export function createDiagnostics(
  context: DiagnosticsContext,
  checks: readonly Check<DiagnosticsContext>[] = allChecks,
): Diagnostics {
  return {
    run: async () => {
      const results: CheckResult[] = []
      for (const check of checks) {
        if (!check.applicable(context)) continue
        const { id, title, severity } = check
        results.push({ id, title, severity, ...(await findingOf(check, context)) })
      }
      return results
    },
  }
}

async function findingOf(check: Check<DiagnosticsContext>, context: DiagnosticsContext): Promise<Finding> {
  try {
    return await check.check(context)
  } catch (error) {
    const { text, fix } = messageFor(toAppError(error))
    return failed(text, ...(fix === undefined ? [] : [fix]))
  }
}
