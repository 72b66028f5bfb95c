import type { MethodInput, MethodName, MethodOutput } from '../../src-preload/contract/methods'
import type { Reply } from '../../src-preload/contract/transport'
import type { Dispatcher } from '../api/dispatcher'

/** Asks the dispatcher as the interface would, with the contract's types. Never rejects. */
export function ask<M extends MethodName>(
  dispatcher: Dispatcher,
  method: M,
  input: MethodInput<M>,
): Promise<Reply<MethodOutput<M>>> {
  // The dispatcher answers each method with the output that the contract's table names for it.
  return dispatcher.dispatch(method, input) as Promise<Reply<MethodOutput<M>>>
}
