import type { Page } from 'playwright-core'

/** What the inside of React shows to its developer tools, as far as it is used here. */
interface Fiber {
  readonly tag: number
  readonly flags: number
  readonly child: Fiber | null
  readonly sibling: Fiber | null
  readonly alternate: Fiber | null
  readonly memoizedProps: { readonly drive?: { readonly id: string } } | null
}

interface RendersWindow {
  renders: { components: number; rows: string[] }
}

/** Loads the page again with a count of what React renders. Ask `rendersOf` for it. */
export async function watchRenders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // React's own numbers for these things.
    const [functionComponent, memoComponent, performedWork] = [0, 15, 1]
    const own = window as unknown as RendersWindow
    own.renders = { components: 0, rows: [] }
    const visit = (next: Fiber, before: Fiber | null): void => {
      const isComponent = next.tag === functionComponent || next.tag === memoComponent
      if (isComponent && (next.flags & performedWork) !== 0) {
        own.renders.components++
        const drive = next.memoizedProps?.drive
        if (next.tag === memoComponent && drive !== undefined) own.renders.rows.push(drive.id)
      }
      // What was left alone as a whole has the very same children.
      if (next.child === before?.child) return
      for (let child = next.child; child !== null; child = child.sibling) visit(child, child.alternate)
    }
    const tools = {
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: (_id: number, { current }: { current: Fiber }) => visit(current, current.alternate),
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
    }
    Object.assign(window, { __REACT_DEVTOOLS_GLOBAL_HOOK__: tools })
  })
  await page.reload()
}

/** What was rendered since it was last asked for. */
export function rendersOf(page: Page): Promise<RendersWindow['renders']> {
  return page.evaluate(() => {
    const own = window as unknown as RendersWindow
    const { renders } = own
    own.renders = { components: 0, rows: [] }
    return renders
  })
}
