export interface WayInPart {
  /** Host name or address to connect to. */
  readonly endpoint: string
  /** What only this way in tells, by the names of `outputsOfWayIn`. */
  readonly outputs: Readonly<Record<string, string>>
}
