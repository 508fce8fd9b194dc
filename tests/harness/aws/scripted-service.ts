import type { AwsAccount } from './account.ts'
import { startAwsService, type AwsReply, type AwsRequest, type AwsService } from './service.ts'
import { verifySignature } from './verify-signature.ts'

export interface ScriptedOptions {
  readonly account: AwsAccount
  /** The name that requests are signed for. */
  readonly signedFor: string
  readonly nowMs: () => number
  /** The answer to a request whose signature is right. */
  readonly answer: (request: AwsRequest) => AwsReply
}

/** A service of AWS that speaks JSON and does what the test wrote down; only signatures are judged for real. */
export function startScriptedService({
  account,
  signedFor,
  nowMs,
  answer,
}: ScriptedOptions): Promise<AwsService> {
  return startAwsService({
    nowMs,
    refuse: (code, status) =>
      awsError(status, code === 'Throttling' ? 'ThrottlingException' : 'InternalServerException'),
    answer: async (request) => {
      const caller = await verifySignature(request, { account, service: signedFor, nowMs: nowMs() })
      return typeof caller === 'string'
        ? awsError(403, 'UnrecognizedClientException', caller)
        : answer(request)
    },
  })
}

export function awsJson(body: unknown): AwsReply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

export function awsError(status: number, name: string, message = 'as the test asked'): AwsReply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
    body: JSON.stringify({ __type: name, message }),
  }
}
