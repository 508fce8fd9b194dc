import { neverScaleUp, type BindAnswer } from '../rpc/bind.ts'

/** How a mount target answers; a test changes it at any time. */
export interface Behaviour {
  bind: BindAnswer
  scaleUpBytesPerSecond: number
  /** What follows the reply to BIND: service as usual, a FIN, or no word any more. */
  afterBind: 'serve' | 'close' | 'silence'
  /** Refuses everybody at the level of NFS, whatever the certificate is worth. */
  refusesAll: boolean
}

export function usualBehaviour(): Behaviour {
  return { bind: 'ready', scaleUpBytesPerSecond: neverScaleUp, afterBind: 'serve', refusesAll: false }
}
