/** The names under which main and windows hear each other. The preload takes these values and nothing else of ours. */
export const channels = {
  /** A window asks: a command's name and its input. */
  invoke: 'mountbar:invoke',
  /** Main publishes. */
  snapshot: 'mountbar:snapshot',
  navigate: 'mountbar:navigate',
} as const
