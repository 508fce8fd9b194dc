import { useState } from 'react'

/**
 * What a control shows: what the user wants while main is at it, and what is so otherwise. A change that main refused falls back by itself.
 */
export function useWish<T>(actual: T): {
  readonly value: T
  readonly pending: boolean
  readonly wish: (value: T, until: Promise<unknown>) => void
} {
  const [wish, setWish] = useState<{ readonly value: T }>()
  return {
    value: wish === undefined ? actual : wish.value,
    pending: wish !== undefined,
    wish: (value, until) => {
      const mine = { value }
      setWish(mine)
      void until.finally(() => setWish((current) => (current === mine ? undefined : current)))
    },
  }
}
