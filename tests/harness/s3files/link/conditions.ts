/** The state of a network path; a test changes it while connections live. */
export interface LinkConditions {
  /** One way. */
  delayMs: { toServer: number; toClient: number }
  /** Per connection and direction; `Infinity` is as fast as the machine. */
  bytesPerSecond: number
  /**
   * Nothing passes and nobody is told, as on a network that is gone. What was sent meanwhile arrives once it is back. A new connection is accepted
   * (the kernel does that) and hears nothing.
   */
  isCut: boolean
}

export function perfectConditions(): LinkConditions {
  return { delayMs: { toServer: 0, toClient: 0 }, bytesPerSecond: Infinity, isCut: false }
}
