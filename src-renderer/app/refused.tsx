import { KeyRound } from 'lucide-react'
import { texts } from '../ui/texts'

/** Shown instead of everything when the page has no valid token. */
export function Refused() {
  return (
    <main className="hero hero-page">
      <KeyRound className="hero-icon" aria-hidden />
      <h1>{texts.connection.unauthorizedTitle}</h1>
      <p>{texts.connection.unauthorizedBody}</p>
      <p data-testid="error-message">{texts.connection.unauthorizedHint}</p>
    </main>
  )
}
