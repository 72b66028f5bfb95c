import { config } from 'zod'

// The page's CSP forbids eval: zod must not even try it, or each start reports a violation. Has to be
// imported before the contract, whose schemas read this setting while they are built.
config({ jitless: true })
