import type { ReactNode } from 'react'

import { Spinner } from '../../components/spinner.tsx'

interface DeviceCodeProps {
  readonly code: string | undefined
  readonly url: string | undefined
}

/** What to do until AWS says yes: approve in the browser, or type a code at an address, on any machine. */
export function DeviceCode({ code, url }: DeviceCodeProps): ReactNode {
  if (code === undefined) {
    return (
      <p className="device-wait">
        <Spinner /> Approve the sign-in in your browser. Mountbar goes on by itself.
      </p>
    )
  }
  return (
    <div className="device-code" role="group" aria-label="Code for signing in">
      <p>Open this page on any device and compare or type the code:</p>
      {url !== undefined && <p className="device-url selectable">{url}</p>}
      <p className="device-digits selectable">{code}</p>
      <p className="device-wait">
        <Spinner /> Waiting for your approval
      </p>
    </div>
  )
}
