import type { Page } from 'playwright'
import type { MethodInput, MethodName, MethodOutput } from '../../../src-preload/contract/methods'
import type { Reply } from '../../../src-preload/contract/transport'
import type { DesktopApp } from './types'

/** Sends anything to the engine as the interface does: over the transport that the preload gave to the page. */
export const invoke = (page: Page, method: unknown, input: unknown): Promise<Reply<unknown>> =>
  page.evaluate(
    ([name, value]) => {
      const { vsrTransport } = window as unknown as {
        vsrTransport: { invoke: (...args: unknown[]) => Promise<Reply<unknown>> }
      }
      return vsrTransport.invoke(name, value)
    },
    [method, input] as const,
  )

/** Asks the engine. Throws with code and sentence where it answers with an error. */
export async function ask<M extends MethodName>(
  page: Page,
  method: M,
  input: MethodInput<M>,
): Promise<MethodOutput<M>> {
  const reply = await invoke(page, method, input)
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`)
  // The dispatcher answers each method with the output that the contract's table names for it.
  return reply.value as MethodOutput<M>
}

/** Clicks an item in the tray's first row, found by its title: the length beside that counts on. */
export async function clickFirstRow(app: DesktopApp, item: string): Promise<void> {
  const [row] = (await app.control('tray')).menu
  const [title = ''] = row?.label.split(' – ') ?? []
  await app.control('clickTrayMenu', { path: [title, item] })
}
