import { useCallback, useEffect, useRef } from 'react'

/** Tells whether the component is still shown: an answer that comes late must not take along a user who has gone elsewhere. */
export function useIsHere(): () => boolean {
  const isHere = useRef(false)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  return useCallback(() => isHere.current, [])
}
